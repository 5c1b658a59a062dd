using System.Globalization;
using System.Text.Json;

namespace Streaming.Ops.Dashboards;

/// <summary>A dashboard file: its bytes for the page, and its queries for this program. Immutable.</summary>
/// <param name="Uid">The dashboard's uid in Grafana.</param>
/// <param name="Title">In both languages.</param>
/// <param name="Tags">For finding it.</param>
/// <param name="File">The file's bytes.</param>
/// <param name="Panels">Panels that have queries, by id.</param>
/// <param name="Variables">Variables in their order.</param>
public sealed record Dashboard(
    string Uid,
    BilingualText Title,
    IReadOnlyList<string> Tags,
    ReadOnlyMemory<byte> File,
    IReadOnlyDictionary<int, DashboardPanel> Panels,
    IReadOnlyList<DashboardVariable> Variables)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">A part that every dashboard must have is missing; the message names it.</exception>
    public static Dashboard Parse(string name, ReadOnlyMemory<byte> file)
    {
        try
        {
            using var json = JsonDocument.Parse(file);
            var root = json.RootElement;
            var panels = root.GetProperty("panels").EnumerateArray().Where(p => p.TryGetProperty("targets", out _))
                .Select(DashboardPanel.Parse);
            var variables = root.GetProperty("templating").GetProperty("list").EnumerateArray().Select(DashboardVariable.Parse);
            return new Dashboard(
                root.GetProperty("uid").GetString()!,
                BilingualText.Parse(root.GetProperty("title").GetString()!),
                [.. root.GetProperty("tags").EnumerateArray().Select(t => t.GetString()!)],
                file,
                panels.ToDictionary(p => p.Id),
                [.. variables]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or ArgumentException)
        {
            throw new InvalidDataException($"Dashboard {name} cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>A panel's queries.</summary>
/// <param name="Id">Unique within the dashboard.</param>
/// <param name="MinInterval">The narrowest time bucket that makes sense, milliseconds; 0 for any.</param>
/// <param name="Targets">Its queries.</param>
public sealed record DashboardPanel(int Id, long MinInterval, IReadOnlyList<DashboardTarget> Targets)
{
    internal static DashboardPanel Parse(JsonElement panel) => new(
        panel.GetProperty("id").GetInt32(),
        panel.TryGetProperty("interval", out var interval) ? Duration(interval.GetString()!) : 0,
        [.. panel.GetProperty("targets").EnumerateArray().Select(t =>
            new DashboardTarget(t.GetProperty("refId").GetString()!, t.GetProperty("rawSql").GetString()!))]);

    private static long Duration(string text) =>
        long.Parse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture) * text[^1] switch
    {
        's' => 1_000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => 86_400_000,
        _ => throw new FormatException($"\"{text}\" is no interval: write a number and s, m, h or d."),
    };
}

/// <summary>One query of a panel.</summary>
/// <param name="RefId">Its letter.</param>
/// <param name="Sql">The query, with macros and variables.</param>
public sealed record DashboardTarget(string RefId, string Sql);
