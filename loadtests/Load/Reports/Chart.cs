using System.Globalization;
using System.Net;
using System.Text;

namespace Streaming.Loadtests.Load.Reports;

/// <summary>One line of a chart; a gap where a value is null.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Colour">Number of its colour in the page's style, from 1.</param>
/// <param name="Values">One per second.</param>
internal sealed record Line(string Name, int Colour, IReadOnlyList<double?> Values);

/// <summary>A chart over the seconds of a run as inline SVG: axis, grid, legend;
/// logarithmic where values differ by orders of magnitude.</summary>
internal static class Chart
{
    private const double Width = 860, Height = 250, Left = 64, Right = 30, Top = 10, Bottom = 30;

    /// <summary>Draws it; nothing when no line has a value.</summary>
    public static void Write(StringBuilder page, string title, string unit, bool logarithmic, params Line[] lines)
    {
        var drawn = lines.Where(l => l.Values.Any(v => v is not null)).ToArray();
        if (drawn.Length == 0) return;
        var seconds = drawn.Max(l => l.Values.Count);
        var all = drawn.SelectMany(l => l.Values).OfType<double>().ToArray();
        var scale = logarithmic ? Scale.Logarithmic(all) : Scale.Linear(all);
        page.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{WebUtility.HtmlEncode(title)} " +
            $"<small>{WebUtility.HtmlEncode(unit)}{(logarithmic ? ", logarithmic" : "")}</small><span class=\"legend\">");
        foreach (var line in drawn)
        {
            page.Append(CultureInfo.InvariantCulture, $"<span class=\"c{line.Colour}\">{WebUtility.HtmlEncode(line.Name)}</span>");
        }
        page.Append(CultureInfo.InvariantCulture, $"</span></figcaption><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" " +
            $"aria-label=\"{WebUtility.HtmlEncode(title)}\">");
        foreach (var mark in scale.Marks)
        {
            var y = Y(scale.Of(mark));
            page.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/><text " +
                $"x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{Short(mark)}</text>");
        }

        var step = Scale.Step(seconds / 8.0);
        for (var s = 0.0; s <= seconds - 1; s += step)
        {
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(s, seconds):0.#}\" y=\"{Height - 6}\" " +
                $"text-anchor=\"middle\">{s:0} s</text>");
        }
        // drawn in reverse order, so that the first line is on top
        foreach (var line in drawn.Reverse()) Path(page, line, seconds, scale);
        page.Append("</svg></figure>");
    }

    private static void Path(StringBuilder page, Line line, int seconds, Scale scale)
    {
        page.Append(CultureInfo.InvariantCulture, $"<path class=\"c{line.Colour}\" d=\"");
        var (pen, last) = (false, false);
        for (var i = 0; i < line.Values.Count; i++)
        {
            if (line.Values[i] is not { } value)
            {
                pen = false;
                continue;
            }

            // a value between two gaps is a dot
            last = i + 1 >= line.Values.Count || line.Values[i + 1] is null;
            page.Append(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{X(i, seconds):0.#} {Y(scale.Of(value)):0.#}");
            if (last && !pen) page.Append("h.1");
            pen = true;
        }

        page.Append("\"/>");
    }

    private static double X(double second, int seconds) => Left + ((Width - Left - Right) * second / Math.Max(1, seconds - 1));

    private static double Y(double share) => Top + ((Height - Top - Bottom) * (1 - share));

    private static string Short(double value) => value switch
    {
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " M",
        >= 1e4 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + " k",
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}

/// <summary>Where a value lies on an axis, 0 at the bottom to 1 at the top, and which values are marked.</summary>
internal sealed record Scale(Func<double, double> Of, IReadOnlyList<double> Marks)
{
    /// <summary>From 0.</summary>
    public static Scale Linear(IReadOnlyList<double> values)
    {
        var step = Step(Math.Max(values.Max(), 1e-9) / 4);
        var top = Math.Ceiling(Math.Max(values.Max(), step) / step) * step;
        return new Scale(v => v / top, [.. Enumerable.Range(0, (int)Math.Round(top / step) + 1).Select(i => i * step)]);
    }

    /// <summary>Whole decades.</summary>
    public static Scale Logarithmic(IReadOnlyList<double> values)
    {
        var low = (int)Math.Floor(Math.Log10(Math.Max(1e-3, values.Min())));
        var high = Math.Max(low + 1, (int)Math.Ceiling(Math.Log10(Math.Max(1e-3, values.Max()))));
        return new Scale(v => (Math.Log10(Math.Clamp(v, Math.Pow(10, low), Math.Pow(10, high))) - low) / (high - low),
            [.. Enumerable.Range(low, high - low + 1).Select(e => Math.Pow(10, e))]);
    }

    /// <summary>The round number (1, 2 or 5 times a power of ten) at or above.</summary>
    public static double Step(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(least, 1e-12))));
        return power * (least <= power ? 1 : least <= 2 * power ? 2 : least <= 5 * power ? 5 : 10);
    }
}
