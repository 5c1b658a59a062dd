using Streaming.Common.CommandLine;
using Streaming.Kafka.Client;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;
using Streaming.Loadtests.Ladder.Measuring;
using Streaming.Loadtests.Ladder.Reports;

namespace Streaming.Loadtests.Ladder.Grains;

/// <summary>What is measured.</summary>
/// <param name="Events">Events of each rung.</param>
/// <param name="Members">Members they are drawn from.</param>
/// <param name="Postgres">Connection string, or null for a truth in memory.</param>
/// <param name="Data">Folder for the embedded host's store.</param>
/// <param name="Report">Markdown file for the table, or null for the terminal alone.</param>
internal sealed record GrainsOptions(int Events, int Members, string? Postgres, string Data, string? Report);

/// <summary>The rungs of the cluster host one after the other, in this process, each on members of its own; the first of each kind, a
/// tenth as long, lets the runtime compile and is not shown.</summary>
internal static class GrainsRun
{
    /// <summary>Runs them.</summary>
    /// <exception cref="CommandException">The database is not empty (exit code 2), or a rung did not apply every event once.</exception>
    public static async Task<int> RunAsync(GrainsOptions options, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        MarkdownReport.Check(options.Report);
        KafkaNative.Load();
        if (options.Postgres is { } given) await MeasuredDatabase.CheckAsync(given, stop);
        var folder = OutputFile.Folder("--data", options.Data, $"grains-{RunNames.NewRun()}");
        try
        {
            OptimizedBuild.Check();
            var results = await MeasureAsync(options, folder.FullName, stop);
            var report = GrainsReport.Write(options.Members, Store(options), results, Machine.Read(folder.FullName), arguments);
            return await MarkdownReport.SayAsync(report, options.Report, stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Store(GrainsOptions options) => options.Postgres is null ? "memory" : "PostgreSQL";

    private static async Task<RungResult[]> MeasureAsync(GrainsOptions options, string folder, CancellationToken stop)
    {
        var store = Store(options);
        return
        [
            await WarmUpAndMeasureAsync("embedded host, SQLite", (name, inputs) => EmbeddedRung.RunAsync(name, inputs, folder)),
            await WarmUpAndMeasureAsync($"one silo, {store}", (name, inputs) => SiloRung.RunAsync(name, inputs, options.Postgres, silos: 1,
                stop)),
            await WarmUpAndMeasureAsync("one grain call per event, nothing made durable", (name, inputs) =>
                PlainGrainRung.RunAsync(name, inputs, stop)),
            await WarmUpAndMeasureAsync($"three silos in one process, {store}", (name, inputs) =>
                SiloRung.RunAsync(name, inputs, options.Postgres, silos: 3, stop)),
        ];

        async Task<RungResult> WarmUpAndMeasureAsync(string name, Func<string, MemoryInputs, Task<RungResult>> run)
        {
            await run(name, MemoryInputs.Make(Math.Max(1_000, options.Events / 10), options.Members, "w"));
            var inputs = MemoryInputs.Make(options.Events, options.Members, "x");
            Console.Write($"{name} … ");
            var result = await run(name, inputs);
            if (result.Events != inputs.Events)
            {
                throw new CommandException($"{name} applied {result.Events:N0} events of {inputs.Events:N0}: its figures would " +
                    $"mean nothing.");
            }

            Console.WriteLine($"{result.EventsPerSecond:N0}/s, {result.CpuSecondsPerMillion:N2} CPU s per million");
            return result;
        }
    }
}
