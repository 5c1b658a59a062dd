using System.Text.Json;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Load.Reports;

/// <summary>A run's result as a JSON file.</summary>
internal static class ReportFile
{
    /// <summary>How it is written.</summary>
    public static JsonSerializerOptions Json { get; } = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Reads a report, or all of a folder: the runs of one thing repeated.</summary>
    /// <exception cref="CommandException">There is none, or one is no report.</exception>
    public static IReadOnlyList<LoadResult> Read(string path)
    {
        if (path.Length == 0) throw new CommandException("An empty name names no report.", 2);
        var files = Directory.Exists(path) ? Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal).ToArray() : [path];
        if (files.Length == 0) throw new CommandException($"{path} holds no report (NAME.json of `load run --report NAME`).", 2);
        return [.. files.Select(One)];
    }

    private static LoadResult One(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<LoadResult>(File.ReadAllText(file), Json)
                ?? throw new CommandException($"{file} is empty.", 2);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{file} is no report of `load run`: {e.Message}", 2);
        }
    }
}
