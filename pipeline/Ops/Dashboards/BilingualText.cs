namespace Streaming.Ops.Dashboards;

/// <summary>A short text of a dashboard in both languages: one string in the file, English and Chinese around " · ", which Grafana shows
/// whole and keeps on save.</summary>
/// <param name="En">English.</param>
/// <param name="Zh">Chinese; the same as <paramref name="En"/> where the file has only one.</param>
public sealed record BilingualText(string En, string Zh)
{
    private const string Separator = " · ";

    /// <summary>Splits a text into its two languages.</summary>
    public static BilingualText Parse(string text) =>
        text.Split(Separator, 2) is [var en, var zh] ? new BilingualText(en, zh) : new BilingualText(text, text);
}
