using System.Globalization;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Ladder.Measuring;

namespace Streaming.Loadtests.Ladder.Reports;

/// <summary>Both ways to encode rows for ClickHouse, as markdown.</summary>
internal static class EncodingReport
{
    /// <summary>Writes it.</summary>
    public static string Write(int rows, int rounds, EncodingCosts costs, Machine machine, string? clickhouse,
        IReadOnlyList<string> arguments)
    {
        var (columns, ours, oursPacked, theirs, packing, oursInserted, theirsInserted) = costs;
        EncodingCost[] all = [ours, oursPacked, theirs, packing, oursInserted, theirsInserted];
        return string.Create(CultureInfo.InvariantCulture, $"""
            {MarkdownReport.Title("Encoding")}

            {rows:N0} rows of {columns} columns, median of {rounds} rounds.

            | way | ns per row | CPU ns per row | bytes allocated per row | bytes per row on the wire |
            |---|---:|---:|---:|---:|
            {string.Join('\n', all.Select(Row))}

            Encoding: {Cpu(theirs) / Cpu(ours):0.0} times as fast as the driver by CPU time ({Clock(theirs, ours):0.0} by the clock);
            {Cpu(theirs) / Cpu(oursPacked):0.0} times with zstd on both, {(Cpu(theirs) - Cpu(packing)) / Cpu(ours):0.0} times with zstd on neither.
            Inserted: {Clock(theirsInserted, oursInserted):0.0} times by the clock.

            {MarkdownReport.Footer(machine, MarkdownReport.ClickHouse(clickhouse), arguments)}
            """);
    }

    private static double Cpu(EncodingCost cost) => cost.Rows.CpuSeconds;

    private static double Clock(EncodingCost cost, EncodingCost than) => cost.Rows.Seconds / than.Rows.Seconds;

    private static string Row(EncodingCost cost) => string.Create(CultureInfo.InvariantCulture,
        $"| {cost.Rows.Name} | {cost.Rows.Seconds * 1e9 / cost.Rows.Events:N0} | {cost.Rows.CpuSecondsPerMillion * 1000:N0} | " +
            $"{cost.Rows.BytesPerEvent:N0} | {cost.Bytes / (double)cost.Rows.Events:N0} |");
}
