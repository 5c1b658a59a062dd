using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Streaming.Loadtests.Ladder.Measuring;
using Streaming.Loadtests.Ladder.Rungs;

namespace Streaming.Loadtests.Ladder.Reports;

/// <summary>The table as markdown. Ratios are to the bare consumer of the same run: they outlast the machine, the figures do not.</summary>
internal static class LadderReport
{
    /// <summary>Writes it.</summary>
    public static string Write(LadderOptions options, Measured measured, IReadOnlyList<string> arguments)
    {
        var (filled, results, machine) = measured;
        var text = new StringBuilder();
        Line($"{MarkdownReport.Title("Ladder")}");
        Line($"");
        Line($"{options.Events:N0} events of {filled.Members:N0} members ({filled.Bytes / (double)options.Events:0} bytes each) in 4 " +
            $"topics of {options.Partitions} partitions, seed {options.Seed}.");
        Line($"");
        Line($"| rung | events/s | of the consumer | CPU s per million | times the consumer | bytes allocated per event | peak MiB |");
        Line($"|---|---:|---:|---:|---:|---:|---:|");
        var bare = results[0];
        foreach (var r in results)
        {
            Line($"| {r.Name} | {r.EventsPerSecond:N0} | {r.EventsPerSecond / bare.EventsPerSecond:0.00} | {r.CpuSecondsPerMillion:0.00} " +
                $"| {r.CpuSecondsPerMillion / bare.CpuSecondsPerMillion:0.00} | {r.BytesPerEvent:N0} | {r.PeakBytes / (1024.0 * 1024):N0} |");
        }

        if (bare.SecondHalf is { } bareHalf)
        {
            Line($"");
            Line($"From half of the events on, compiled and warm; the memory rungs on events of members met in the first half alone:");
            Line($"");
            Line($"| rung | events/s | of the consumer | CPU s per million | times the consumer | bytes allocated per event |");
            Line($"|---|---:|---:|---:|---:|---:|");
            foreach (var r in results)
            {
                if (r.SecondHalf is not { } half) continue;
                Line($"| {r.Name} | {half.EventsPerSecond:N0} | {half.EventsPerSecond / bareHalf.EventsPerSecond:0.00} | " +
                    $"{half.CpuSecondsPerMillion:0.00} | {half.CpuSecondsPerMillion / bareHalf.CpuSecondsPerMillion:0.00} | " +
                    $"{half.BytesPerEvent:N0} |");
            }
        }

        Line($"");
        foreach (var r in results.Where(r => r.Note.Length > 0)) Line($"- {r.Name}: {r.Note}");
        if (Find("memory-decode") is { SecondHalf: { } decode } decoded && Find("memory-apply") is { SecondHalf: { } apply } applied)
        {
            Line($"- CPU per event in memory: decode {decode.CpuSecondsPerMillion * 1000:N0} ns; apply to a member known already " +
                $"{(apply.CpuSecondsPerMillion - decode.CpuSecondsPerMillion) * 1000:N0} ns and " +
                $"{apply.BytesPerEvent - decode.BytesPerEvent:0.0} bytes; with the making of all members " +
                $"{(applied.CpuSecondsPerMillion - decoded.CpuSecondsPerMillion) * 1000:N0} ns (differences of the two rungs)");
        }

        text.Append(MarkdownReport.Footer(machine, options, arguments));
        return text.ToString();

        RungResult? Find(string rung) => results.FirstOrDefault(r => r.Name == rung);

        void Line(ref DefaultInterpolatedStringHandler line) => text.Append(line.ToStringAndClear()).Append('\n');
    }
}
