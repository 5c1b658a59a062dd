using System.Globalization;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Common;

namespace Streaming.Loadtests.Ladder.Reports;

/// <summary>A report as markdown: on the terminal, and in a file if one is named.</summary>
internal static class MarkdownReport
{
    /// <summary>Returns when the file can be written, or none is named.</summary>
    /// <param name="path">What <c>--report</c> says.</param>
    /// <exception cref="CommandException">It cannot; exit code 2.</exception>
    public static void Check(string? path)
    {
        if (path is not null) OutputFile.Check("--report", path);
    }

    /// <summary>Says it and writes it; returns exit code 0.</summary>
    public static async Task<int> SayAsync(string report, string? path, CancellationToken stop)
    {
        Console.WriteLine();
        Console.WriteLine(report);
        if (path is not null) await File.WriteAllTextAsync(path, report, stop);
        return 0;
    }

    /// <summary>The first line.</summary>
    public static string Title(string subject) =>
        string.Create(CultureInfo.InvariantCulture, $"# {subject}, {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC");

    /// <summary>The last lines: what the figures were measured on, and how.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="backends">Which broker and databases took part.</param>
    /// <param name="arguments">The command line.</param>
    public static string Footer(Machine machine, string backends, IReadOnlyList<string> arguments) => $"""
        - Machine: {machine.Processor}, {machine.Memory}, {machine.Disk}; load {machine.Load} at the end
        - {machine.Software}; {backends}
        - Command: `dotnet run --configuration Release --project loadtests/Ladder -- {string.Join(' ', arguments)}`

        """;

    /// <summary>The last lines of a run over topics.</summary>
    public static string Footer(Machine machine, LadderOptions options, IReadOnlyList<string> arguments) => Footer(machine,
        $"Kafka {(options.Kafka is null ? "of KAFKA_HOME, started by the run" : "given")}, {ClickHouse(options.ClickHouse)}", arguments);

    /// <summary>Which ClickHouse took part.</summary>
    /// <param name="url">What <c>--clickhouse</c> says.</param>
    public static string ClickHouse(string? url) => $"ClickHouse {(url is null ? "embedded, started by the run" : "given")}";
}
