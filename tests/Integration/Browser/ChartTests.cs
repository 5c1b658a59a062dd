using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Streaming.Contract.Messages;
using Streaming.Integration.Tests.Ops;
using static Microsoft.Playwright.Assertions;

namespace Streaming.Integration.Tests.Browser;

/// <summary>What a chart shows is what the figures say: below zero, over years, beside
/// a burst, and in the same colours everywhere.</summary>
[Collection(nameof(BrowserCollection))]
public class ChartTests(BrowserFixture browser)
{
    private static readonly long Year = DateTimeOffset.Parse("2024-03-01T00:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    [SkippableFact]
    public async Task Stacked_negative_values_are_drawn_below_zero()
    {
        var page = await ShowAsync("timeseries",
            """{"defaults":{"unit":"short","custom":{"drawStyle":"bars","fillOpacity":100,"stacking":{"mode":"normal"}}},"overrides":[]}""",
            ["time:DateTime", "earned:Int64", "spent:Int64", "expired:Int64"], Days(10, i => $"300,{-100 - i},-50"));
        await Expect(page.Locator(".chart-plot"))
            .ToHaveAttributeAsync("aria-label", new Regex(@"spent -109, expired -50\. Axis from -159 to 336\.72$"));

        // Both colours of what is below zero are seen below it, and neither above.
        var colors = await page.Locator(".legend-item")
            .EvaluateAllAsync<string[]>("items => items.map(item => getComputedStyle(item).getPropertyValue('--mark'))");
        var found = await page.Locator(".chart-plot canvas").EvaluateAsync<JsonElement>("""
            (canvas, colors) => {
              const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              const near = (at, color) => [1, 3, 5].every((from, i) => Math.abs(data[at + i] - Number.parseInt(color.slice(from, from + 2), 16)) < 12);
              return colors.map(color => {
                const rows = [];
                for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (near((y * width + x) * 4, color)) { rows.push(y); break; }
                return [Math.min(...rows), Math.max(...rows)];
              });
            }
            """, colors);
        var rows = found.EnumerateArray().Select(color => (Top: color[0].GetDouble(), Bottom: color[1].GetDouble())).ToList();
        Assert.True(rows[0].Bottom <= rows[1].Top + 1 && rows[1].Top < rows[2].Top && rows[1].Bottom < rows[2].Bottom,
            string.Join(' ', rows));
        Assert.True(rows[2].Bottom > rows[2].Top, "what hangs lowest is not drawn");
    }

    [SkippableTheory]
    [InlineData("en-GB", "<0.01")]
    [InlineData("zh-CN", "<0.01")]
    public async Task A_small_value_is_shown_as_less_than_0_01(string locale, string reads)
    {
        var page = await ShowAsync("stat", """{"defaults":{"unit":"none","decimals":2},"overrides":[]}""", ["score:Float64"], "[0.004]",
            locale);
        await Expect(page.Locator(".stat-value")).ToHaveTextAsync(reads);
    }

    [SkippableFact]
    public async Task An_axis_over_several_years_shows_the_years()
    {
        var page = await ShowAsync("barchart", """{"defaults":{"unit":"short"},"overrides":[]}""", ["day:Date", "members:Int64"],
            """["2023-12-30",1],["2024-01-02",2]""");
        await Expect(page.Locator(".column-name")).ToHaveTextAsync(["30 Dec 2023", "2 Jan 2024"]);
        await page.EvaluateAsync("() => { window.drawn = []; const fill = CanvasRenderingContext2D.prototype.fillText; " +
            "CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { window.drawn.push(text); return fill.call(this, " +
            "text, ...rest); }; }");
        await LayAsync(page, "timeseries", """{"defaults":{"unit":"short"},"overrides":[]}""", ["time:DateTime", "members:Int64"],
            Days(800, i => $"{i}"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Now", Exact = true }).ClickAsync();
        await page.GoBackAsync();
        await Expect(page.Locator(".chart-plot canvas")).ToBeVisibleAsync();
        await TestKit.Until.TrueAsync(async () =>
            (await page.EvaluateAsync<string[]>("window.drawn")).Intersect(["2024", "2025", "2026"]).Count() == 3);
    }

    [SkippableFact]
    public async Task A_burst_is_marked_and_the_axis_fits_the_other_values()
    {
        await using var ops = await OpsFixture.StartAsync();
        var (views, second) = (0L, 0);
        ops.Host.Say(() => FakeHost.Well with
        {
            Applied = new Dictionary<string, long>
            {
                ["view"] = Interlocked.Add(ref views, Interlocked.Increment(ref second) == 24 ? 90_000 : 30),
            },
        });
        var page = await browser.OpenAsync("/", url: ops.Url);
        var chart = page.Locator(".card.wide .chart").First;
        var peaks = chart.Locator(".chart-peaks");
        await Expect(peaks).ToContainTextAsync("Peaks reach above the axis, up to");
        var axis = new Regex(@"Axis from 0 to (\d+)$");
        await Expect(chart.Locator(".chart-plot")).ToHaveAttributeAsync("aria-label", axis);

        await peaks.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(chart.Locator(".chart-plot")).Not.ToHaveAttributeAsync("aria-label", axis);
        await Expect(peaks).ToHaveTextAsync("Fit the axis to the usual values");
    }

    [SkippableFact]
    public async Task A_kind_has_the_same_colour_in_every_chart()
    {
        async Task<string> ColourOf(string kind, params string[] others)
        {
            await using var ops = await OpsFixture.StartAsync();
            var n = 0L;
            ops.Host.Say(() => FakeHost.Well with { Applied = others.Prepend(kind).Select((k, i) => (k, i))
                .ToDictionary(k => k.k, k => Interlocked.Increment(ref n) * (k.i + 1)) });
            var page = await browser.OpenAsync("/", url: ops.Url);
            var item = page.Locator(".card.wide .legend-item", new() { HasTextRegex = new Regex($"^{kind}$") });
            return await item.EvaluateAsync<string>("item => item.style.getPropertyValue('--mark')");
        }

        Assert.Equal(await ColourOf("paid", "view"), await ColourOf("paid", "message", "like", "share", "reply"));
        Assert.NotEqual(await ColourOf("paid", "view"), await ColourOf("view", "paid"));
    }

    [SkippableTheory]
    [InlineData(390)]
    [InlineData(1360)]
    public async Task A_long_cause_is_shown_in_full(int width)
    {
        await using var ops = await OpsFixture.StartAsync();
        var cause = "order-" + string.Concat(Enumerable.Repeat("0123456789", 5));
        ops.Host.Send(OutputTopic.Rewards,
            $$"""{"kind":"points-earned","member":"ada","sequence":1,"at":"2026-01-05T08:00:00.000Z","rule":"points.purchase","points":120,"cause":"{{cause}}"}""");
        var page = await browser.OpenAsync("/", url: ops.Url, width: width);
        var why = page.Locator(".feed-why").First;
        await Expect(why).ToContainTextAsync(cause);
        Assert.True(await why.EvaluateAsync<bool>("why => why.scrollWidth <= why.clientWidth"), "its end is cut off");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            "the page is wider than the screen");
    }

    private static string Days(int count, Func<int, string> values) => string.Join(',', Enumerable.Range(0, count).Select(i =>
        $"[\"{DateTimeOffset.FromUnixTimeMilliseconds(Year).AddDays(i).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\",{values(i)}]"));

    private async Task<IPage> ShowAsync(string type, string fields, string[] columns, string rows, string locale = "en-GB")
    {
        var page = await browser.OpenAsync("/", locale: locale);
        await LayAsync(page, type, fields, columns, rows);
        await page.GotoAsync($"/dashboards/given?from={Year - 86_400_000}&to={Year + (810L * 86_400_000)}&refresh=off");
        await Expect(page.Locator(".panel-body > :not(.loading)")).ToBeVisibleAsync();
        return page;
    }

    // A dashboard of one panel, and its answer.
    private static async Task LayAsync(IPage page, string type, string fields, string[] columns, string rows)
    {
        await page.UnrouteAllAsync();
        await page.RouteAsync("**/v1/dashboards/given", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = $$"""{"uid":"given","title":"Given","panels":[{"id":1,"type":"{{type}}","title":"Given","gridPos":{"x":0,"y":0,"w":24,"h":12},"fieldConfig":{{fields}},"options":{"xField":"day"},"targets":[{"refId":"A","rawSql":"-"}]}]}""",
        }));
        var described = string.Join(',', columns.Select(c => c.Split(':')).Select(c => $$"""{"name":"{{c[0]}}","type":"{{c[1]}}"}"""));
        await page.RouteAsync("**/v1/dashboards/given/panels/1", route => route.FulfillAsync(new()
        {
            ContentType = "application/json", Body =
            $$"""{"intervalMs":86400000,"targets":[{"refId":"A","columns":[{{described}}],"rows":[{{rows}}],"rowsRead":1}]}""",
        }));
    }
}
