using System.Globalization;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Ladder.Measuring;

namespace Streaming.Loadtests.Ladder.Reports;

/// <summary>What the dashboards' panels read, as markdown.</summary>
internal static class PanelsReport
{
    /// <summary>Writes it.</summary>
    public static string Write(IReadOnlyList<PanelCost> panels, Machine machine, string? clickhouse,
        IReadOnlyList<string> arguments) => $"""
        {MarkdownReport.Title("Panels")}

        A month of a hundred million events of a million members.

        | dashboard | panel | as it opens: rows read | ms | a month: rows read | ms |
        |---|---:|---:|---:|---:|---:|
        {string.Join('\n', panels.Select(Row))}

        {MarkdownReport.Footer(machine, MarkdownReport.ClickHouse(clickhouse), arguments)}
        """;

    private static string Row(PanelCost cost) => string.Create(CultureInfo.InvariantCulture,
        $"| {cost.Dashboard} | {cost.Panel} | {cost.Opened.Rows:N0} | {cost.Opened.Milliseconds:0} | {cost.Month.Rows:N0} | " +
            $"{cost.Month.Milliseconds:0} |");
}
