using System.Globalization;
using System.Net;
using System.Text;

namespace Streaming.Load;

/// <summary>The run as one page that needs nothing else: figures, then rate, what ClickHouse lacks, and latency over time.</summary>
internal static class HtmlReport
{
    private const double Width = 900, Height = 160;

    /// <summary>Writes it.</summary>
    public static string Write(LoadResult r)
    {
        var sent = 0L;
        var behind = r.Seconds.Select(s => (double)((sent += s.Events) - s.Visible)).ToArray();
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $$"""
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Load: {{WebUtility.HtmlEncode(r.Workload)}}</title>
            <style>body{font:15px system-ui;margin:2rem;max-width:60rem;color:#222}table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:right;border-bottom:1px solid #ddd}
            svg{background:#f7f7f7;width:100%}polyline{fill:none;stroke-width:1.5}.bad{color:#b00020}</style>
            <h1>{{WebUtility.HtmlEncode(r.Workload)}}</h1>
            <p>{{r.Began:yyyy-MM-dd HH:mm}} UTC. {{r.Events:N0}} events, {{r.Duplicates:N0}} repeats and {{r.Malformed:N0}} malformed records sent in {{r.SendingSeconds:0.0}} s; all landed after {{r.LandedSeconds:0.0}} s.</p>
            """);
        page.Append(r.Exact ? "<p>Everything that was sent landed, once.</p>" : $"<p class=\"bad\">Not exact: {WebUtility.HtmlEncode(string.Join("; ", r.Differences))}</p>");
        Table(page, r);
        Chart(page, "records sent per second", ("#2563eb", r.Seconds.Select(s => (double)s.Sent)));
        Chart(page, "events sent and not yet visible in ClickHouse", ("#7c3aed", behind));
        Chart(page, "purchase → reward, seconds (green median, orange p99, red longest)",
            ("#dc2626", r.Seconds.Select(s => s.Max)), ("#ea8a00", r.Seconds.Select(s => s.P99)), ("#15803d", r.Seconds.Select(s => s.P50)));
        return page.Append("</html>\n").ToString();
    }

    private static void Table(StringBuilder page, LoadResult r)
    {
        page.Append("<table><tr><th>milliseconds");
        foreach (var name in r.Latency.Keys) page.Append("<th>").Append(name);
        Row("purchase → reward", r.Latency);
        Row("of it: the generator's own lateness", r.GeneratorLateness);
        page.Append("</table>");

        void Row(string title, IReadOnlyDictionary<string, double> values)
        {
            page.Append("<tr><th>").Append(title);
            foreach (var value in values.Values) page.Append(CultureInfo.InvariantCulture, $"<td>{value * 1000:N1}");
        }
    }

    private static void Chart(StringBuilder page, string title, params (string Colour, IEnumerable<double> Values)[] lines)
    {
        var series = lines.Select(l => (l.Colour, Values: l.Values.ToArray())).ToArray();
        var top = Math.Max(1e-9, series.Max(s => s.Values.DefaultIfEmpty().Max()));
        page.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2><p>up to {top:N3}</p><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}\">");
        foreach (var (colour, values) in series)
        {
            page.Append(CultureInfo.InvariantCulture, $"<polyline stroke=\"{colour}\" points=\"");
            for (var i = 0; i < values.Length; i++) page.Append(CultureInfo.InvariantCulture, $"{Width * i / Math.Max(1, values.Length - 1):0.#},{Height - (values[i] / top * (Height - 4)):0.#} ");
            page.Append("\"/>");
        }

        page.Append("</svg>");
    }
}
