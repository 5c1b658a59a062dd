using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Streaming.Integration.Tests.Browser;

[Collection(nameof(BrowserCollection))]
public class DashboardPageTests(BrowserFixture browser)
{
    private const string Stages = ".panel-bargauge";
    private const int Loyalty = 4; // of the stages in the panel's order

    [SkippableFact]
    public async Task Every_type_of_panel_the_files_use_is_drawn()
    {
        foreach (var dashboard in browser.Library)
        {
            var page = await browser.OpenAsync($"/dashboards/{dashboard.Uid}?from=now-30d&to=now&var-member={browser.Sample.Member}");
            await Expect(page.Locator(".panel").First).ToBeVisibleAsync();
            await Expect(page.GetByText("is not drawn here")).ToHaveCountAsync(0);
            foreach (var panel in await page.Locator(".panel").AllAsync())
            {
                await panel.ScrollIntoViewIfNeededAsync();
                await Expect(panel.Locator(".loading, [aria-busy]")).ToHaveCountAsync(0);
            }

            Assert.Empty(browser.Complaints);
        }
    }

    [SkippableFact]
    public async Task A_panel_of_an_unknown_type_says_that_it_is_not_drawn()
    {
        var page = await browser.OpenAsync("/");
        await page.RouteAsync("**/v1/dashboards/strange", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = """{"uid":"strange","title":"Strange · 奇怪","panels":[{"id":1,"type":"nodeGraph","title":"Nodes · 节点","gridPos":{"x":0,"y":0,"w":12,"h":8},"targets":[]}]}""",
        }));
        await page.GotoAsync("/dashboards/strange");
        await Expect(page.Locator(".panel")).ToContainTextAsync("A panel of type “nodeGraph” is not drawn here");
    }

    [SkippableFact]
    public async Task A_chosen_variable_filters_the_panel_and_is_part_of_the_URL()
    {
        var page = await browser.OpenAsync("/dashboards/engagement-overview");
        var bars = page.Locator($"{Stages} .bar-text");
        await Expect(page.Locator(Stages)).ToContainTextAsync("loyalty");
        var before = await bars.AllInnerTextsAsync();
        await page.Locator("[data-variable=stage] summary").ClickAsync();
        await page.Locator("[data-variable=stage] label", new() { HasText = "loyalty" }).ClickAsync();
        var loyalty = before.Select((text, i) => i == Loyalty ? text : "0").ToList();
        Assert.NotEqual(before, loyalty);
        await Expect(bars).ToHaveTextAsync(loyalty);
        Assert.Contains("var-stage=loyalty", page.Url, StringComparison.Ordinal);

        await page.ReloadAsync();
        await Expect(bars).ToHaveTextAsync(loyalty);
        await page.GoBackAsync();
        await Expect(bars).ToHaveTextAsync(before);
    }

    [SkippableFact]
    public async Task New_rows_update_a_chart_without_drawing_it_anew()
    {
        var page = await browser.OpenAsync("/dashboards/engagement-overview?from=now-1h&to=now");
        var chart = page.Locator(".panel-timeseries").First.Locator(".chart-plot");
        await Expect(chart).ToHaveAttributeAsync("aria-label", new Regex("clicks"));
        var before = (await chart.GetAttributeAsync("aria-label"))!;
        await chart.Locator("canvas").EvaluateAsync("canvas => canvas.marked = true");

        var minute = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60 * 60;
        await browser.Sample.Client.QueryAsync(string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO activity_rows (generation, minute, topic, kind, stage, tier, writer, events, seq, inserted)
            SELECT generation, toDateTime({minute}), 'clicks', 'view', 'loyalty', 'head', 'late', 7777, 1, now64(3) FROM current_generation
            """));
        browser.Landed();
        await Expect(chart).Not.ToHaveAttributeAsync("aria-label", before);
        Assert.True(await chart.Locator("canvas").EvaluateAsync<bool>("canvas => canvas.marked === true"), "the chart was drawn anew");
    }

    [SkippableFact]
    public async Task Panels_keep_their_data_while_ClickHouse_is_away_and_recover()
    {
        var page = await browser.OpenAsync("/dashboards/engagement-overview");
        var stat = page.Locator(".panel-stat").Nth(1);
        await Expect(stat.Locator(".stat-value")).ToBeVisibleAsync();
        using (browser.BreakClickHouse())
        {
            await page.GetByLabel("Refresh now").ClickAsync();
            await Expect(stat.Locator(".panel-note")).ToContainTextAsync("ClickHouse does not answer · as of");
            await Expect(stat.Locator(".stat-value")).ToBeVisibleAsync();

            var fresh = await browser.OpenAsync("/dashboards/engagement-overview", beside: true);
            await Expect(fresh.Locator(".panel-stat").First).ToContainTextAsync("ClickHouse does not answer");
            await fresh.Context.CloseAsync();
        }

        await Expect(stat.Locator(".panel-note")).ToBeHiddenAsync();
        await Expect(stat.Locator(".stat-value")).ToBeVisibleAsync();
    }

    [SkippableFact]
    public async Task A_time_range_can_be_chosen_by_list_and_by_dragging()
    {
        var page = await browser.OpenAsync("/dashboards/engagement-overview");
        await page.GetByLabel("Time range").SelectOptionAsync("Last 7 days");
        await page.WaitForURLAsync(new Regex("from=now-7d&to=now"));
        // A chart whose series are others for these days is drawn anew: under the pointer that would end the dragging.
        await Expect(page.Locator("[aria-busy]")).ToHaveCountAsync(0);
        await Expect(page.Locator(".panel-timeseries canvas").First).ToBeVisibleAsync();
        var over = (await page.Locator(".panel-timeseries .u-over").First.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(over.X + (over.Width / 4), over.Y + 40);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(over.X + (over.Width / 2), over.Y + 40, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await page.WaitForURLAsync(new Regex(@"from=\d+&to=\d+"));
        await page.GoBackAsync();
        await page.WaitForURLAsync(new Regex("from=now-7d&to=now"));
    }

    [SkippableFact]
    public async Task An_empty_time_range_offers_the_range_that_has_events()
    {
        var page = await browser.OpenAsync("/dashboards/engagement-overview?from=1262304000000&to=1264982400000");
        await Expect(page.Locator(".dash-hint")).ToContainTextAsync("There are no events in this time range");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show them" }).ClickAsync();
        await Expect(page.Locator(".dash-hint")).ToBeHiddenAsync();
        await Expect(page.Locator(".panel-timeseries canvas").First).ToBeVisibleAsync();
    }

    [SkippableFact]
    public async Task A_pseudonym_in_a_table_leads_to_the_members_dashboard()
    {
        var page = await browser.OpenAsync("/dashboards/engagement-rewards?from=now-30d&to=now");
        await page.Locator(".panel-table td a").First.ClickAsync();
        await page.WaitForURLAsync(new Regex("/dashboards/engagement-member.*var-member=[0-9a-f]{32}"));
        await Expect(page.Locator("h1")).ToHaveTextAsync("Member");
        await Expect(page.Locator(".panel-stat .stat-value").First).ToBeVisibleAsync();
    }
}
