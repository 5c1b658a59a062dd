using System.Globalization;
using Streaming.Loadtests.Ladder.Measuring;

namespace Streaming.Loadtests.Ladder.Reports;

/// <summary>The pipeline by number of members in its store, as markdown.</summary>
internal static class ScaleReport
{
    /// <summary>Writes it.</summary>
    /// <param name="all">By number of members, the smaller first: filled, killed half-way, and started again.</param>
    public static string Write(LadderOptions options, IReadOnlyList<Measured> all, IReadOnlyList<string> arguments) =>
        string.Create(CultureInfo.InvariantCulture, $"""
        {MarkdownReport.Title("Members")}

        Stores filled with members that have a past of a dozen events; then {options.Events:N0} events of them (Zipf, exponent 0.8) in 4 topics of
        {options.Partitions} partitions, seed {options.Seed}. The process is killed (SIGKILL) when half of the events are durable, and a new one goes on. "First
        event": from the making of a process to the first event it made durable; after the kill, what was recorded but in no snapshot is applied again before it.

        | members | store | first event after s | events/s | CPU s per million | peak MiB | after the kill: first event after s | CPU s per million | peak MiB |
        |---:|---|---:|---:|---:|---:|---:|---:|---:|
        {string.Join('\n', all.Select(of => Row(of.Rungs)))}

        Throughput against the smaller store: {all[^1].Rungs[1].EventsPerSecond / all[0].Rungs[1].EventsPerSecond:0.00}.

        {MarkdownReport.Footer(all[^1].Machine, options, arguments)}
        """);

    private static string Row(IReadOnlyList<RungResult> results)
    {
        var (members, killed, restarted) = (results[0], results[1], results[2]);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {members.Events:N0} | {members.Note} | {killed.FirstAfter:0.0} | {killed.EventsPerSecond:N0} | " +
                $"{killed.CpuSecondsPerMillion:0.00} | {Peak(killed)} | {restarted.FirstAfter:0.0} | " +
                $"{restarted.CpuSecondsPerMillion:0.00} | {Peak(restarted)} |");
    }

    private static string Peak(RungResult r) => (r.PeakBytes / (1024.0 * 1024)).ToString("N0", CultureInfo.InvariantCulture);
}
