using System.Globalization;
using System.Text;
using Streaming.Ladder.Rungs;

namespace Streaming.Ladder.Reports;

/// <summary>The pipeline's cost by number of partitions, as markdown.</summary>
internal sealed class PartitionsReport(LadderOptions options, IReadOnlyList<string> arguments)
{
    private readonly StringBuilder rows = new();
    private Machine? last;

    /// <summary>One number of partitions: consumer and pipeline.</summary>
    public bool Add(int partitions, IReadOnlyList<RungResult> results, Machine machine)
    {
        var (consumer, pipeline) = (results[0], results[1]);
        last = machine;
        rows.Append(string.Create(CultureInfo.InvariantCulture,
            $"| {partitions} | {consumer.EventsPerSecond:N0} | {consumer.CpuSecondsPerMillion:0.00} | {pipeline.EventsPerSecond:N0} | " +
                $"{pipeline.CpuSecondsPerMillion:0.00} | {pipeline.CpuSecondsPerMillion / consumer.CpuSecondsPerMillion:0.00} |\n"));
        return true;
    }

    /// <summary>Writes it.</summary>
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"""
        # Partitions, {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC

        {options.Events:N0} events of {options.Members:N0} members in 4 topics of so many partitions each, seed {options.Seed}.

        | partitions | consumer: events/s | CPU s per million | pipeline: events/s | CPU s per million | times the consumer |
        |---:|---:|---:|---:|---:|---:|
        {rows}
        {LadderReport.Footer(options, last!, arguments)}
        """);
}
