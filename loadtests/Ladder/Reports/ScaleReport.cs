using System.Globalization;
using System.Text;
using Streaming.Ladder.Rungs;

namespace Streaming.Ladder.Reports;

/// <summary>The pipeline by number of members in its store, as markdown.</summary>
internal sealed class ScaleReport(LadderOptions options, IReadOnlyList<string> arguments)
{
    private readonly StringBuilder rows = new();
    private readonly List<double> rates = [];
    private Machine? last;

    /// <summary>One number of members: filled, killed half-way, and started again.</summary>
    public bool Add(IReadOnlyList<RungResult> results, Machine machine)
    {
        last = machine;
        var (members, killed, restarted) = (results[0], results[1], results[2]);
        rates.Add(killed.EventsPerSecond);
        rows.Append(string.Create(CultureInfo.InvariantCulture,
            $"| {members.Events:N0} | {members.Note} | {killed.FirstAfter:0.0} | {killed.EventsPerSecond:N0} | " +
                $"{killed.CpuSecondsPerMillion:0.00} | {Peak(killed)} | {restarted.FirstAfter:0.0} | " +
                $"{restarted.CpuSecondsPerMillion:0.00} | {Peak(restarted)} |\n"));
        return true;

        static string Peak(RungResult r) => (r.PeakBytes / (1024.0 * 1024)).ToString("N0", CultureInfo.InvariantCulture);
    }

    /// <summary>Writes it.</summary>
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"""
        # Members, {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC

        Stores filled with members that have a past of a dozen events; then {options.Events:N0} events of them (Zipf, exponent 0.8) in 4 topics of
        {options.Partitions} partitions, seed {options.Seed}. The process is killed (SIGKILL) when half of the events are durable, and a new one goes on. "First
        event": from the making of a process to the first event it made durable; after the kill, what was recorded but in no snapshot is applied again before it.

        | members | store | first event after s | events/s | CPU s per million | peak MiB | after the kill: first event after s | CPU s per million | peak MiB |
        |---:|---|---:|---:|---:|---:|---:|---:|---:|
        {rows}
        Throughput against the smaller store: {rates[^1] / rates[0]:0.00}.

        {LadderReport.Footer(options, last!, arguments)}
        """);
}
