using System.Globalization;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Ladder.Measuring;

namespace Streaming.Loadtests.Ladder.Reports;

/// <summary>The rungs of the cluster host, as markdown.</summary>
internal static class GrainsReport
{
    /// <summary>Writes it.</summary>
    /// <param name="members">Members that events were drawn from.</param>
    /// <param name="store">Where the silos kept their state.</param>
    public static string Write(int members, string store, IReadOnlyList<RungResult> results, Machine machine,
        IReadOnlyList<string> arguments) => string.Create(CultureInfo.InvariantCulture, $"""
        {MarkdownReport.Title("Grains")}

        {results[0].Events:N0} events of {members:N0} members from memory; all rungs in one process, after a tenth of the events that is not shown.

        | rung | events/s | CPU s per million | bytes allocated per event |
        |---|---:|---:|---:|
        {string.Join('\n', results.Select(Row))}

        {string.Join('\n', results.Select(r => $"- {r.Name}: {r.Note}"))}
        {MarkdownReport.Footer(machine, $"the silos' state in {store}", arguments)}
        """);

    private static string Row(RungResult r) => string.Create(CultureInfo.InvariantCulture,
        $"| {r.Name} | {r.EventsPerSecond:N0} | {r.CpuSecondsPerMillion:0.00} | {r.BytesPerEvent:N0} |");
}
