using System.Globalization;
using System.Net;
using System.Text;
using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Load.Reports;

/// <summary>A run as one page that needs nothing else: verdict, figures, then rate, lag and
/// latency over time. Light and dark, narrow and wide.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1c1e21;--soft:#5b6068;--line:#dcdfe4;--back:#fff;--card:#f6f7f9;--bad:#b3261e;--good:#1a6b33;--c1:#1f6feb;--c2:#b35900;--c3:#c0267a;--c4:#6f42c1;--c5:#0f766e}
        @media (prefers-color-scheme:dark){:root{--ink:#e7e9ec;--soft:#a2a8b1;--line:#3a3f47;--back:#15171a;--card:#1e2126;--bad:#ff8a80;--good:#7fd99a;--c1:#6cb0ff;--c2:#ffb366;--c3:#ff7ab8;--c4:#c3a6ff;--c5:#5fd3c6}}
        *{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;padding:1.5rem 1rem 3rem;max-width:60rem;color:var(--ink);background:var(--back)}
        h1{font-size:1.5rem;margin:0}p{margin:.4rem 0}small,.soft{color:var(--soft);font-weight:400}.bad{color:var(--bad)}.good{color:var(--good)}
        .scroll{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}th,td{padding:.25rem .7rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}th:first-child{text-align:left;padding-left:0}
        figure{margin:1.2rem 0;padding:.8rem;background:var(--card);border-radius:8px}figcaption{font-weight:600;margin-bottom:.4rem}.legend{display:block;font-weight:400}.legend span{margin-right:1rem}.legend span::before{content:"";display:inline-block;width:1.1em;height:.2em;margin-right:.4em;vertical-align:middle;background:currentColor}
        svg{width:100%;display:block}svg line{stroke:var(--line)}svg text{fill:var(--soft);font:11px system-ui,sans-serif}path{fill:none;stroke:currentColor;stroke-width:1.6;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round}
        @media (max-width:40rem){svg text{font-size:22px}figure{padding:.6rem .3rem}figcaption{padding:0 .3rem}th,td{padding:.25rem .4rem;font-size:.8rem}th:first-child{white-space:normal}}
        .c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}
        """;

    /// <summary>Writes it.</summary>
    /// <param name="misses">The service levels that were missed.</param>
    public static string Write(LoadResult r, IReadOnlyList<string> misses)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $$"""
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Load: {{WebUtility.HtmlEncode(r.Workload)}}</title>
            <style>{{Style}}</style>
            <h1>{{WebUtility.HtmlEncode(r.Workload)}}</h1>
            <p class="soft">{{r.Began:yyyy-MM-dd HH:mm}} UTC, {{WebUtility.HtmlEncode(r.Machine)}}</p>
            <p>{{r.Events:N0}} events, {{r.Duplicates:N0}} repeats and {{r.Malformed:N0}} malformed records sent in {{r.SendingSeconds:0.0}} s; all had been looked at after {{r.LandedSeconds:0.0}} s.</p>
            """);
        page.Append(r.Exact
            ? string.Create(CultureInfo.InvariantCulture, $"<p class=\"good\">Exact: everything that was sent landed once, and each of " +
                $"{r.Messages:N0} expected messages came under one id.</p>")
            : string.Create(CultureInfo.InvariantCulture, $"<p class=\"bad\">Not exact: {r.Missing:N0} expected messages did not come, " +
                $"{r.Twice:N0} came under two ids. {WebUtility.HtmlEncode(string.Join("; ", r.Differences))}</p>"));
        foreach (var miss in misses) page.Append("<p class=\"bad\">Missed: ").Append(WebUtility.HtmlEncode(miss)).Append("</p>");
        Table(page, "the whole run", new Latencies(r.Reward, r.Alert, r.Storm, r.Shown, r.Generator));
        if (r.Warm is { } warm)
        {
            Table(page, string.Create(CultureInfo.InvariantCulture, $"without the first {r.WarmUpSeconds:0.#} s"), warm);
        }
        Charts(page, r.Seconds);
        return page.Append("</html>\n").ToString();
    }

    private static void Table(StringBuilder page, string title, Latencies of)
    {
        page.Append("<div class=\"scroll\"><table><tr><th>milliseconds, ").Append(title)
            .Append("<th>p50<th>p90<th>p99<th>p99.9<th>p99.99<th>max<th>of");
        Row("purchase → reward", of.Reward);
        Row("complaint → alert", of.Alert);
        Row("instant → message", of.Storm);
        Row("event → ClickHouse", of.Shown);
        Row("the generator's own lateness", of.Generator);
        page.Append("</table></div>");

        void Row(string name, Spread? s)
        {
            if (s is null) return;
            page.Append("<tr><th>").Append(name);
            foreach (var value in new[] { s.P50, s.P90, s.P99, s.P999, s.P9999, s.Max })
            {
                page.Append(CultureInfo.InvariantCulture, $"<td>{value:N1}");
            }
            page.Append(CultureInfo.InvariantCulture, $"<td>{s.Count:N0}");
        }
    }

    private static void Charts(StringBuilder page, IReadOnlyList<Point> seconds)
    {
        var sent = 0L;
        Chart.Write(page, "Sent", "records per second", false, new Line("sent", 1, [.. seconds.Select(s => (double?)s.Sent)]));
        Chart.Write(
            page, "Behind", "events", false,
            new Line("not read by the pipeline (lag)", 2, [.. seconds.Select(s => s.Lag < 0 ? null : (double?)s.Lag)]),
            new Line("not visible in ClickHouse", 4, [.. seconds.Select(s => (double?)Math.Max(0, (sent += s.Events) - s.Visible))]));
        Latency("Purchase → reward", s => s.Reward);
        Latency("Complaint → alert", s => s.Alert);
        Latency("Event → ClickHouse", s => s.Shown);

        void Latency(string title, Func<Point, Spread?> of)
        {
            Chart.Write(
                page, title, "milliseconds, by the second the event was due in", true,
                Quantile("p50", 1, s => s.P50), Quantile("p90", 5, s => s.P90), Quantile("p99", 2, s => s.P99),
                    Quantile("p99.9", 4, s => s.P999), Quantile("p99.99", 3, s => s.P9999));

            Line Quantile(string name, int colour, Func<Spread, double> value) =>
                new(name, colour, [.. seconds.Select(s => of(s) is { } spread ? value(spread) : (double?)null)]);
        }
    }
}
