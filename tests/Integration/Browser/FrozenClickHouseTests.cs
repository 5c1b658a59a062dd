using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Streaming.Integration.Tests.Browser;

/// <summary>A ClickHouse that takes requests and answers none, as one that was stopped (SIGSTOP) or hangs: said within seconds, on every
/// page and in every panel.</summary>
[Collection(nameof(BrowserCollection))]
public class FrozenClickHouseTests(BrowserFixture browser)
{
    [SkippableFact]
    public async Task Every_visible_panel_is_marked_stale_while_ClickHouse_hangs_and_recovers()
    {
        var page = await browser.OpenAsync("/dashboards/engagement-overview", height: 2000);
        await Expect(page.Locator(".panel [aria-busy]")).ToHaveCountAsync(0);
        var panels = page.Locator(".panel:not(.panel-text)");
        await Expect(panels.Locator(".loading")).ToHaveCountAsync(0);
        using (browser.FreezeClickHouse())
        {
            foreach (var panel in await panels.AllAsync()) await Expect(panel.Locator(".panel-note")).ToContainTextAsync(" as of ");
            await Expect(page.Locator(".banner[data-state=attention]")).ToContainTextAsync("ClickHouse has not answered since");
            await Expect(page).ToHaveTitleAsync("! Needs attention – Overview – Streaming");

            var member = await browser.OpenAsync("/members/ada", beside: true);
            await Expect(member.Locator(".history").Locator("..")).ToContainTextAsync("Stale");
            await member.Context.CloseAsync();
            var now = await browser.OpenAsync("/", beside: true);
            await Expect(now.Locator(".tile").Nth(1)).ToContainTextAsync("as of");
            await now.Context.CloseAsync();
            var fresh = await browser.OpenAsync("/dashboards/engagement-overview", beside: true);
            await Expect(fresh.Locator(".banner[data-state=attention]")).ToBeVisibleAsync();
            await Expect(fresh.Locator(".panel-stat").First).ToBeVisibleAsync();
            await Expect(fresh.Locator(".panel-note:visible")).ToHaveCountAsync(0);
            await fresh.Context.CloseAsync();
        }

        foreach (var panel in await panels.AllAsync()) await Expect(panel.Locator(".panel-note")).ToBeHiddenAsync();
        await Expect(page).ToHaveTitleAsync("✓ Overview – Streaming");
    }
}
