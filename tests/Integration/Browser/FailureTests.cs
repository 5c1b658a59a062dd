using System.Text.Json;
using Microsoft.Playwright;
using Streaming.Integration.Tests.Ops;
using Streaming.Ops;
using static Microsoft.Playwright.Assertions;

namespace Streaming.Integration.Tests.Browser;

/// <summary>What the page shows when something fails: the part that failed and no other, and nothing that contradicts it.</summary>
[Collection(nameof(BrowserCollection))]
public class FailureTests(BrowserFixture browser)
{
    private const string Refused = """{"status":500,"code":"query-refused","detail":"Unknown table activity"}""";
    private const string Busy = """{"status":503,"code":"busy","detail":"The limit of queries is reached"}""";

    private static readonly DateTime Noon = new(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc);

    [SkippableFact]
    public async Task The_banner_shows_a_blocked_partition_and_not_that_all_is_durable()
    {
        await using var ops = await OpsFixture.StartAsync();
        var page = await browser.OpenAsync("/", url: ops.Url);
        await Expect(page.Locator(".banner[data-state=well]")).ToContainTextAsync("Everything read is durable");
        ops.Host.Say(FakeHost.Well with { Broker = FakeHost.Well.Broker with { Blocked = ["clicks/3"] } });
        await Expect(page.Locator(".banner[data-state=attention]")).ToContainTextAsync("clicks/3 cannot be read");
        await Expect(page.Locator(".banner")).Not.ToContainTextAsync("Everything read is durable");
    }

    [SkippableFact]
    public async Task A_tab_beyond_the_limit_of_followers_polls_and_shows_no_lost_connection()
    {
        await using var ops = await OpsFixture.StartAsync(new OpsSettings { MostFollowers = 1 });
        using var only = await ops.Http.GetAsync(new Uri("/v1/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var page = await browser.OpenAsync("about:blank", url: ops.Url);
        await page.Clock.InstallAsync(new() { TimeDate = Noon });
        await page.Clock.PauseAtAsync(Noon.AddMinutes(1));
        await page.AddInitScriptAsync("""
            delete window.SharedWorker;
            window.states = [];
            new MutationObserver(() => window.states.push(document.querySelector('.link')?.dataset.state))
              .observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });
            """);
        var asked = 0;
        page.Request += (_, request) => asked += request.Url.EndsWith("/v1/live", StringComparison.Ordinal) ? 1 : 0;
        await page.GotoAsync("/");
        await Expect(page.Locator(".link[data-state=well]")).ToBeVisibleAsync();
        await page.Clock.FastForwardAsync(9_000);
        await page.EvaluateAsync("fetch('/health/live').then(answer => answer.text())");
        Assert.Equal(1, asked);

        await page.RunAndWaitForResponseAsync(() => page.Clock.FastForwardAsync(1_000),
            response => response.Url.EndsWith("/v1/status", StringComparison.Ordinal));
        await Expect(page.Locator(".link[data-state=well]")).ToBeVisibleAsync();
        Assert.DoesNotContain("lost", await page.EvaluateAsync<string[]>("window.states"));
        Assert.Equal(2, asked);
    }

    [SkippableFact]
    public async Task Choosing_a_refresh_rate_adds_no_listener_to_the_document_and_a_closed_dashboard_leaves_none()
    {
        var page = await browser.OpenAsync("/dashboards/engagement-overview");
        await Expect(page.Locator("[data-variable]").First).ToBeVisibleAsync();
        var before = await PointerListenersAsync(page);
        foreach (var rate in (string[])["5m", "1m", "off"])
        {
            await page.GetByLabel("Refresh", new() { Exact = true }).SelectOptionAsync(rate);
            await page.WaitForURLAsync($"**refresh={rate}**");
        }

        Assert.NotEqual(0, before);
        Assert.Equal(before, await PointerListenersAsync(page));
        await page.GetByRole(AriaRole.Link, new() { Name = "Now", Exact = true }).ClickAsync();
        await Expect(page.Locator(".tiles")).ToBeVisibleAsync();
        Assert.Equal(0, await PointerListenersAsync(page));
    }

    [SkippableTheory]
    [InlineData("/members/%")]
    [InlineData("/members/%E4%")]
    public async Task An_address_with_a_malformed_escape_is_shown_as_no_member_id(string path)
    {
        var page = await browser.OpenAsync("/");
        await page.EvaluateAsync("path => location.assign(path)", path);
        await Expect(page.Locator(".member-result")).ToContainTextAsync("This is no member id");
        await Expect(page.Locator(".link[data-state=well]")).ToBeVisibleAsync();
        Assert.Empty(browser.Complaints);
    }

    [SkippableTheory]
    [InlineData(null, "The server was not reached")]
    [InlineData(Refused, "Unknown table activity")]
    [InlineData(Busy, "The limit of queries is reached")]
    public async Task A_panel_a_variable_and_a_history_say_what_failed_and_do_not_blame_ClickHouse(string? answer, string said)
    {
        var page = await browser.OpenAsync("/");
        await FailAsync(page, "**/v1/dashboards/*/panels/*", answer);
        await FailAsync(page, "**/v1/dashboards/*/variables/*", answer);
        await FailAsync(page, "**/v1/members/*/history", answer);

        await page.GotoAsync("/dashboards/engagement-overview");
        await SaysAsync(page.Locator(".panel-stat").First);
        await page.Locator("[data-variable=stage] summary").ClickAsync();
        await SaysAsync(page.Locator("[data-variable=stage] .options"));
        await page.GotoAsync("/members/ada");
        await SaysAsync(page.Locator(".history"));

        async Task SaysAsync(ILocator place)
        {
            await Expect(place).ToContainTextAsync(said);
            await Expect(place).Not.ToContainTextAsync("ClickHouse");
        }
    }

    private static async Task FailAsync(IPage page, string url, string? answer) => await page.RouteAsync(url, route => answer is null
        ? route.AbortAsync()
        : route.FulfillAsync(new()
        {
            Status = JsonDocument.Parse(answer).RootElement.GetProperty("status").GetInt32(),
            ContentType = "application/problem+json", Body = answer,
        }));

    private static async Task<int> PointerListenersAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        var document = (await session.SendAsync("Runtime.evaluate", new() { ["expression"] = "document" }))!.Value;
        var id = document.GetProperty("result").GetProperty("objectId").GetString()!;
        var found = (await session.SendAsync("DOMDebugger.getEventListeners", new() { ["objectId"] = id }))!.Value;
        await session.DetachAsync();
        return found.GetProperty("listeners").EnumerateArray().Count(l => l.GetProperty("type").GetString() == "pointerdown");
    }
}
