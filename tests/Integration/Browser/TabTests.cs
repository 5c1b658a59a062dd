using Microsoft.Playwright;
using Streaming.Integration.Tests.Ops;
using Streaming.Ops;
using static Microsoft.Playwright.Assertions;

namespace Streaming.Integration.Tests.Browser;

/// <summary>Many tabs of one browser: one live connection, whatever their number, and a title that says how the system is.</summary>
[Collection(nameof(BrowserCollection))]
public class TabTests(BrowserFixture browser)
{
    private const string Key = "correct-horse-battery";
    private const string Well = ".banner[data-state=well]";

    [SkippableFact]
    public async Task Eight_tabs_share_one_live_stream()
    {
        // One place: a second stream would be refused.
        await using var ops = await StartAsync(new OpsSettings { MostFollowers = 1 });
        var first = await browser.OpenAsync("/", url: ops.Url);
        await Expect(first.Locator(Well)).ToBeVisibleAsync();
        for (var i = 0; i < 7; i++)
        {
            var page = await first.Context.NewPageAsync();
            await page.GotoAsync("/");
            await Expect(page.Locator(Well)).ToBeVisibleAsync();
            await MovesAsync(page);
        }

        // More than the six connections a browser has for a server: the next request is answered all the same.
        Assert.Equal("live", (await first.EvaluateAsync<string>("fetch('/health/live').then(r => r.json()).then(a => a.status)")));
        Assert.Empty(browser.Complaints);
    }

    [SkippableFact]
    public async Task Without_SharedWorker_a_tab_has_its_own_stream_and_closes_it_while_hidden()
    {
        await using var ops = await StartAsync(new OpsSettings { MostFollowers = 1 });
        var page = await browser.OpenAsync("about:blank", url: ops.Url);
        await page.AddInitScriptAsync("delete window.SharedWorker");
        await page.GotoAsync("/");
        await Expect(page.Locator(Well)).ToBeVisibleAsync();
        await MovesAsync(page);
        Assert.False(await HasPlaceAsync(ops));

        await HideAsync(page, true);
        await TestKit.Until.TrueAsync(() => HasPlaceAsync(ops));
        await HideAsync(page, false);
        await TestKit.Until.TrueAsync(async () => !await HasPlaceAsync(ops));
        await MovesAsync(page);
    }

    [SkippableFact]
    public async Task Hidden_tabs_hold_no_stream_and_their_title_still_tells_the_state()
    {
        await using var ops = await StartAsync(new OpsSettings { MostFollowers = 1 });
        var page = await browser.OpenAsync("/dashboards", url: ops.Url);
        await Expect(page).ToHaveTitleAsync("✓ Dashboards – Streaming");
        await HideAsync(page, true);
        await TestKit.Until.TrueAsync(() => HasPlaceAsync(ops));
        ops.Host.Say(() => FakeHost.Well with { CommitFailure = "no space left on device" });
        await Expect(page).ToHaveTitleAsync("! Needs attention – Dashboards – Streaming");
    }

    [SkippableFact]
    public async Task A_tab_without_the_key_gets_nothing_from_one_that_has_it()
    {
        await using var locked = await StartAsync(new OpsSettings { ApiKey = Key });
        var first = await browser.OpenAsync("/", url: locked.Url);
        await GiveKeyAsync(first);
        await Expect(first.Locator(Well)).ToBeVisibleAsync();

        var second = await first.Context.NewPageAsync();
        await second.GotoAsync("/");
        await Expect(second.Locator("dialog")).ToBeVisibleAsync();
        await Expect(second.Locator(".link")).ToHaveAttributeAsync("data-state", "opening");
        await GiveKeyAsync(second);
        await Expect(second.Locator(Well)).ToBeVisibleAsync();
        await MovesAsync(first);
    }

    [SkippableTheory]
    [InlineData("/")]
    [InlineData("/dashboards")]
    [InlineData("/dashboards/engagement-overview")]
    [InlineData("/members")]
    [InlineData("/members/ada")]
    public async Task Every_page_and_its_title_show_a_problem_and_a_lost_connection(string path)
    {
        await using var ops = await OpsFixture.StartAsync();
        var page = await browser.OpenAsync(path, url: ops.Url, width: 390, height: 844);
        await Expect(page.Locator(".link")).ToHaveTextAsync("✓ All is well");
        ops.Host.Say(() => FakeHost.Well
            with { Broker = FakeHost.Well.Broker with { AwaySince = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 60_000 } });
        await Expect(page.Locator(".banner[data-state=attention]")).ToContainTextAsync("The broker has been unreachable since");
        await Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^! Needs attention – .* – Streaming$"));
        await ops.DisposeAsync();
        await Expect(page.Locator(".banner[data-state=lost]")).ToContainTextAsync("all figures are from that time");
        await Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^✕ Connection lost – "));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            "the page is wider than the screen");
    }

    private static async Task GiveKeyAsync(IPage page)
    {
        await page.GetByLabel("Key (kept in this tab only)").FillAsync(Key);
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task MovesAsync(IPage page)
    {
        var total = page.Locator(".tile").First.Locator(".tile-note");
        await Expect(total).Not.ToHaveTextAsync(await total.InnerTextAsync());
    }

    private static async Task<OpsFixture> StartAsync(OpsSettings settings)
    {
        var ops = await OpsFixture.StartAsync(settings);
        var views = 0L;
        ops.Host.Say(() => FakeHost.Well with { Applied = new Dictionary<string, long> { ["view"] = Interlocked.Add(ref views, 40) } });
        return ops;
    }

    private static async Task HideAsync(IPage page, bool hidden) => await page.EvaluateAsync(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); document.dispatchEvent(new " +
            "Event('visibilitychange')); }", hidden);

    private static async Task<bool> HasPlaceAsync(OpsFixture ops)
    {
        using var answer = await ops.Http.GetAsync(new Uri("/v1/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        return answer.IsSuccessStatusCode;
    }
}
