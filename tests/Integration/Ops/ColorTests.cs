using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Ops;

/// <summary>The ops page can be read with weak eyes: contrast of at least 4.5 to 1 for text and 3 to
/// 1 for what charts draw (WCAG 2.2, AA), on light and on dark.</summary>
public sealed partial class ColorTests
{
    private const double Text = 4.5, Graphics = 3;
    private static readonly string Styles = Source("styles", "page.css");
    private static readonly string Colors = Source("base", "colors.ts");

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void Text_has_a_contrast_of_4_5_to_its_background(string scheme)
    {
        var theme = Theme(scheme);
        Holds("ink", "paper", "card", "good-back", "warn-back", "bad-back");
        foreach (var text in (string[])["soft", "accent", "good", "warn", "bad"]) Holds(text, "paper", "card");
        foreach (var state in (string[])["good", "warn", "bad"])
        {
            Holds(state, state + "-back");
            Holds("card", state); // the sign in its circle
        }

        Holds("accent-ink", "accent");

        void Holds(string text, params string[] backs)
        {
            foreach (var back in backs)
            {
                Assert.True(Contrast(theme[text], theme[back]) >= Text, $"{scheme}: {text} on {back} is " +
                    $"{Contrast(theme[text], theme[back]):0.00}");
            }
        }
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void Every_chart_colour_has_a_contrast_of_3_to_the_card(string scheme)
    {
        var card = Theme(scheme)["card"];
        var series = Hex().Matches(Regex.Match(Colors, scheme + @": \[('#[^\]]+)\]").Groups[1].Value).Select(m => Rgb(m.Value)).ToList();
        var shades = Regex.Match(Colors, @"const shades = .*?\b" + scheme + @": \[([^\]]+)\]").Groups[1].Value.Split(',')
            .Select(s => double.Parse(s, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(9, series.Count);
        Assert.Equal(3, shades.Count);
        foreach (var color in series)
        {
            foreach (var by in shades)
            {
                var shown = color.Select(part => by < 0 ? part * (1 + by) : part + (255 - part) * by).ToArray();
                Assert.True(Contrast(shown, card) >= Graphics, $"{scheme}: {string.Join(' ', color)} by {by} is " +
                    $"{Contrast(shown, card):0.00}");
            }
        }
    }

    /// <summary>The custom properties of the first rule, for dark overwritten by those of the second.</summary>
    private static Dictionary<string, double[]> Theme(string scheme)
    {
        var theme = new Dictionary<string, double[]>();
        foreach (Match rule in Root().Matches(Styles).Take(scheme == "light" ? 1 : 2))
            foreach (Match property in Property().Matches(rule.Value))
            {
                theme[property.Groups["name"].Value] = Rgb(property.Groups["value"].Value);
            }
        return theme;
    }

    private static double Contrast(double[] a, double[] b)
    {
        var (one, other) = (Luminance(a), Luminance(b));
        return (Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05);
    }

    private static double Luminance(double[] rgb)
    {
        var linear = rgb.Select(part => part / 255 is var s && s <= 0.04045 ? s / 12.92 : Math.Pow((s + 0.055) / 1.055, 2.4)).ToArray();
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }

    private static double[] Rgb(string hex) => [.. Convert.FromHexString(hex.TrimStart('#')).Select(part => (double)part)];

    private static string Source(params string[] path) =>
        File.ReadAllText(Path.Combine([StreamingProgram.Repository, "pipeline", "Ops", "web", "src", .. path]));

    [GeneratedRegex(@":root \{[^}]*\}")]
    private static partial Regex Root();

    [GeneratedRegex(@"--(?<name>[a-z-]+): (?<value>#[0-9a-f]{6});")]
    private static partial Regex Property();

    [GeneratedRegex("#[0-9a-f]{6}")]
    private static partial Regex Hex();
}
