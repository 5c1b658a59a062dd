using System.Text.Json;

namespace Streaming.Ops.Dashboards;

/// <summary>A variable of a dashboard, whose value the user chooses.</summary>
/// <param name="Name">As queries write it.</param>
/// <param name="Label">As the person sees it.</param>
/// <param name="Type">query, custom, textbox or datasource.</param>
/// <param name="Multi">Whether several values may be chosen.</param>
/// <param name="IncludeAll">Whether "all" may be chosen; then it is the default.</param>
/// <param name="Query">The query of a query variable, the values of a custom one; else empty.</param>
public sealed record DashboardVariable(string Name, BilingualText Label, string Type, bool Multi, bool IncludeAll, string Query)
{
    /// <summary>How Grafana writes "all of them".</summary>
    public const string All = "$__all";

    /// <summary>The value when nothing was chosen.</summary>
    public IReadOnlyList<string> Default => IncludeAll ? [All] : [""];

    internal static DashboardVariable Parse(JsonElement variable)
    {
        var name = variable.GetProperty("name").GetString()!;
        return new DashboardVariable(
            name,
            BilingualText.Parse(variable.TryGetProperty("label", out var label) ? label.GetString()! : name),
            variable.GetProperty("type").GetString()!,
            Is("multi"),
            Is("includeAll"),
            variable.TryGetProperty("query", out var query) ? query.GetString()! : "");

        bool Is(string property) => variable.TryGetProperty(property, out var value) && value.GetBoolean();
    }
}
