using Microsoft.Playwright;
using Streaming.Engine.Status;
using Streaming.Integration.Tests.Ops;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Ops;
using Streaming.Ops.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Streaming.Integration.Tests.Browser;

[Collection(nameof(BrowserCollection))]
public class PageTests(BrowserFixture browser)
{
    public static TheoryData<string> Paths { get; } =
        ["/", "/members", "/members/ada", "/dashboards", .. Streaming.Ops.Dashboards.DashboardLibrary.Load().All.Select(d =>
            $"/dashboards/{d.Uid}")];

    [SkippableTheory]
    [MemberData(nameof(Paths))]
    public async Task No_page_logs_errors_or_is_wider_than_a_phone(string path)
    {
        var page = await browser.OpenAsync(path, width: 390, height: 844, scheme: ColorScheme.Dark);
        await Expect(page.Locator("h1").First).ToBeAttachedAsync();
        await Expect(page.Locator(".link[data-state=well]")).ToBeVisibleAsync();
        await ScrollThroughAsync(page);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            "the page is wider than the screen");
        Assert.Empty(browser.Complaints);
    }

    [SkippableTheory]
    [MemberData(nameof(Paths))]
    public async Task Every_page_speaks_chinese_to_a_chinese_browser(string path)
    {
        var page = await browser.OpenAsync(path, locale: "zh-CN");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "仪表盘", Exact = true })).ToBeVisibleAsync();
        await ScrollThroughAsync(page);
        Assert.DoesNotContain(" · ", await page.TitleAsync(), StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    [SkippableFact]
    public async Task Live_values_change_without_a_reload()
    {
        var page = await browser.OpenAsync("/");
        var total = page.Locator(".tile").First.Locator(".tile-note");
        await Expect(total).ToContainTextAsync("since the start");
        await Expect(total).Not.ToHaveTextAsync(await total.InnerTextAsync());
        await Expect(page.Locator(".banner[data-state=well]")).ToContainTextAsync("All is well");
        await Expect(page.Locator(".now-grid")).ToContainTextAsync("points earned +120");
    }

    [SkippableFact]
    public async Task The_empty_page_shows_a_kcat_example()
    {
        await using var empty = await OpsFixture.StartAsync();
        var page = await browser.OpenAsync("/", url: empty.Url);
        await Expect(page.Locator(".invitation")).ToContainTextAsync("kcat -P -b 127.0.0.1:9092 -t clicks");
    }

    [SkippableFact]
    public async Task The_banner_says_that_ClickHouse_is_away_until_it_is_back()
    {
        var page = await browser.OpenAsync("/");
        using (browser.BreakClickHouse())
        {
            await Expect(page.Locator(".banner[data-state=attention]")).ToContainTextAsync("42 blocks wait on disk; nothing is lost");
        }

        await Expect(page.Locator(".banner[data-state=well]")).ToBeVisibleAsync();
        Assert.Empty(browser.Complaints);
    }

    [SkippableFact]
    public async Task The_banner_says_that_blocks_wait_when_none_landed_for_a_minute()
    {
        var page = await browser.OpenAsync("/");
        await Expect(page.Locator(".banner[data-state=well]")).ToBeVisibleAsync();
        var hanging = new ClickHouseStatus { Migrated = true, Waiting = 7,
            LandedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 60_000 };
        browser.Host.Say(() => FakeHost.Well with { ClickHouse = hanging });
        await Expect(page.Locator(".banner[data-state=waiting]")).ToContainTextAsync("7 blocks wait on disk");
        browser.Busy();
        await Expect(page.Locator(".banner[data-state=well]")).ToBeVisibleAsync();
    }

    [SkippableFact]
    public async Task A_member_is_found_with_outlook_curve_and_history()
    {
        var page = await browser.OpenAsync("/members");
        await page.GetByLabel("Member id").FillAsync("ada");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync("ada");
        await Expect(page.Locator(".member-cards .tiles")).ToContainTextAsync("Score");
        await Expect(page.Locator(".curve-due text")).ToContainTextAsync("Alert due");
        await Expect(page.Locator(".churn")).ToContainTextAsync("Still a buyer with");
        await Expect(page.Locator(".history")).ToContainTextAsync("No alert, reward or change yet.");
        Assert.EndsWith("/members/ada", page.Url, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(1360)]
    [InlineData(390)]
    public async Task A_members_last_events_are_shown_newest_first_and_update_live(int width)
    {
        var member = $"eve-{width}";
        browser.Host.Buy(member, 129_5000);
        browser.Host.Happens(member, EventKind.Review, TimeSpan.FromMinutes(5), e => e.Rating = 4);
        var page = await browser.OpenAsync($"/members/{member}", width: width);
        var rows = page.GetByRole(AriaRole.Table, new() { Name = "Last events" }).Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.Nth(0)).ToContainTextAsync("review");
        await Expect(rows.Nth(0)).ToContainTextAsync("rating 4 of 5");
        await Expect(rows.Nth(0)).ToContainTextAsync("points +20");
        await Expect(rows.Nth(1)).ToContainTextAsync("1 hr ago");
        await Expect(rows.Nth(1)).ToContainTextAsync("CN¥129.50");
        await Expect(rows.Nth(1)).ToContainTextAsync("score +20");
        await Expect(rows.Nth(1).Locator("time")).ToHaveAttributeAsync("datetime", new System.Text.RegularExpressions.Regex("Z$"));

        browser.Host.Happens(member, EventKind.Share, TimeSpan.Zero);
        await Expect(rows).ToHaveCountAsync(3);
        await Expect(rows.Nth(0)).ToContainTextAsync("share");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            "the page is wider than the screen");
        Assert.Empty(browser.Complaints);
    }

    [SkippableTheory]
    [InlineData("en-GB", "Consentemail: yes · pager: no (not in the rules)", "no real birthday · channel not in the rules · values ignored: 1")]
    [InlineData("zh-CN", "授权email：同意 · pager：拒绝 （规则中没有此渠道）", "生日无效 · 规则中没有的渠道 · 已忽略 1 个值")]
    public async Task The_member_page_shows_consent_and_odd_facts(string locale, string consent, string odd)
    {
        var member = $"odd-{locale}";
        browser.Host.Happens(member, EventKind.Consent, TimeSpan.Zero, e =>
        {
            e.Consent.AddRange([new(Text.From("email"), true), new(Text.From("pager"), false)]);
            e.Warnings = FactWarnings.BirthdayInvalid;
        });
        var page = await browser.OpenAsync($"/members/{member}", locale: locale);
        await Expect(page.Locator(".pairs > div").Filter(new() { HasText = consent })).ToBeVisibleAsync();
        await Expect(page.Locator(".pairs > div").Filter(new() { HasText = odd })).ToBeVisibleAsync();
        Assert.Empty(browser.Complaints);
    }

    [SkippableFact]
    public async Task The_member_page_shows_no_odd_facts_when_there_are_none()
    {
        browser.Host.Happens("even", EventKind.Consent, TimeSpan.Zero, e => e.Consent.Add(new(Text.From("email"), true)));
        var page = await browser.OpenAsync("/members/even");
        await Expect(page.Locator(".pairs > div").Filter(new() { HasText = "email: yes" })).ToBeVisibleAsync();
        await Expect(page.Locator(".pairs")).Not.ToContainTextAsync("Problems in the member data");
    }

    [SkippableFact]
    public async Task The_page_tells_an_unknown_member_from_a_failure()
    {
        var page = await browser.OpenAsync("/members/no%2Fbody");
        await Expect(page.Locator(".member-result")).ToContainTextAsync("There is no member “no/body”");
        await Expect(page.Locator(".member-result")).ToContainTextAsync("kcat");
    }

    [SkippableFact]
    public async Task The_member_behind_a_pseudonym_is_shown_only_after_a_button_is_pressed()
    {
        var page = await browser.OpenAsync($"/members/{browser.Host.Pseudonym("ada")}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the member id (this is logged)" }).ClickAsync();
        await page.Locator(".member-result").GetByRole(AriaRole.Link, new() { Name = "ada" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("ada");
    }

    [SkippableFact]
    public async Task A_wrong_key_is_refused_and_the_right_key_opens_the_page()
    {
        await using var locked = await OpsFixture.StartAsync(new OpsSettings { ApiKey = "correct-horse-battery" });
        var page = await browser.OpenAsync("/", url: locked.Url);
        await page.GetByLabel("Key (kept in this tab only)").FillAsync("wrong-horse-battery");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("dialog")).ToContainTextAsync("does not know this key");
        await page.GetByLabel("Key (kept in this tab only)").FillAsync("correct-horse-battery");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".link[data-state=well]")).ToBeVisibleAsync();
        await Expect(page.Locator(".banner[data-state=well]")).ToBeVisibleAsync();
    }

    [SkippableFact]
    public async Task The_keyboard_reaches_the_content_first_and_reads_a_chart()
    {
        var page = await browser.OpenAsync("/");
        await Expect(page.Locator(".chart-plot").First).ToHaveAttributeAsync("aria-label",
            new System.Text.RegularExpressions.Regex("view"));
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await page.Locator(".chart-plot").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Locator(".chart-tip").First).ToContainTextAsync("view");
    }

    [SkippableFact]
    public async Task Light_and_dark_follow_the_browser()
    {
        var page = await browser.OpenAsync("/", scheme: ColorScheme.Light);
        const string background = "getComputedStyle(document.documentElement).backgroundColor";
        var light = await page.EvaluateAsync<string>(background);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.NotEqual(light, await page.EvaluateAsync<string>(background));
    }

    // Panels ask when they come on the screen: all of them are brought there.
    private static async Task ScrollThroughAsync(IPage page)
    {
        foreach (var panel in await page.Locator(".panel").AllAsync())
        {
            await panel.ScrollIntoViewIfNeededAsync();
            await Expect(panel.Locator(".loading")).ToHaveCountAsync(0);
            await Expect(panel).Not.ToContainTextAsync("could not be filled");
        }
    }
}

[CollectionDefinition(nameof(BrowserCollection))]
public sealed class BrowserCollection : ICollectionFixture<BrowserFixture>;
