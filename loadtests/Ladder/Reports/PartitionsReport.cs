using System.Globalization;

namespace Streaming.Loadtests.Ladder.Reports;

/// <summary>The pipeline's cost by number of partitions, as markdown.</summary>
internal static class PartitionsReport
{
    /// <summary>Writes it.</summary>
    /// <param name="all">By number of partitions: consumer and pipeline.</param>
    public static string Write(LadderOptions options, IReadOnlyList<(int Partitions, Measured Measured)> all,
        IReadOnlyList<string> arguments) => string.Create(CultureInfo.InvariantCulture, $"""
        {MarkdownReport.Title("Partitions")}

        {options.Events:N0} events of {options.Members:N0} members in 4 topics of so many partitions each, seed {options.Seed}.

        | partitions | consumer: events/s | CPU s per million | pipeline: events/s | CPU s per million | times the consumer |
        |---:|---:|---:|---:|---:|---:|
        {string.Join('\n', all.Select(of => Row(of.Partitions, of.Measured)))}

        {MarkdownReport.Footer(all[^1].Measured.Machine, options, arguments)}
        """);

    private static string Row(int partitions, Measured measured)
    {
        var (consumer, pipeline) = (measured.Rungs[0], measured.Rungs[1]);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {partitions} | {consumer.EventsPerSecond:N0} | {consumer.CpuSecondsPerMillion:0.00} | {pipeline.EventsPerSecond:N0} | " +
                $"{pipeline.CpuSecondsPerMillion:0.00} | {pipeline.CpuSecondsPerMillion / consumer.CpuSecondsPerMillion:0.00} |");
    }
}
