using System.Globalization;
using Streaming.Kafka.Client;
using Streaming.Loadtests;

namespace Streaming.GrainsCost;

/// <summary>What is measured.</summary>
/// <param name="Events">Events of each run.</param>
/// <param name="Members">Members they are drawn from.</param>
/// <param name="Postgres">Connection string, or null for a truth in memory.</param>
internal sealed record CostOptions(int Events, int Members, string? Postgres);

/// <summary>All runs one after the other, each on members of its own; the first of each kind, a
/// tenth as long, lets the runtime compile and is not shown.</summary>
internal static class CostRun
{
    public static async Task<int> RunAsync(CostOptions options, CancellationToken stop)
    {
        KafkaNative.Load();
        if (options.Postgres is { } given) await CostDatabase.CheckAsync(given, stop);
        var store = options.Postgres is null ? "memory" : "PostgreSQL";
        Console.WriteLine("| run | events | events/s | CPU µs/event | allocated B/event | note |");
        Console.WriteLine("|---|---:|---:|---:|---:|---|");
        await TwiceAsync("embedded host, SQLite", EmbeddedCost.RunAsync);
        await TwiceAsync($"one silo, {store}", (inputs, database) => SiloCost.RunAsync(inputs, database, silos: 1, stop));
        await TwiceAsync("one grain call per event, nothing made durable", (inputs, _) => PlainCost.RunAsync(inputs, stop));
        await TwiceAsync($"three silos in one process, {store}", (inputs, database) => SiloCost.RunAsync(inputs, database, silos: 3, stop));
        return 0;

        async Task TwiceAsync(string name, Func<Inputs, string?, Task<Cost>> run)
        {
            await run(Inputs.Make(Math.Max(1_000, options.Events / 10), options.Members, "w"), options.Postgres);
            var inputs = Inputs.Make(options.Events, options.Members, "x");
            var cost = await run(inputs, options.Postgres);
            if (cost.Applied != inputs.Events)
            {
                throw new LoadtestException($"{name} applied {cost.Applied:N0} events of {inputs.Events:N0}: its figures would " +
                    $"mean nothing.");
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {cost.Applied:N0} | {cost.Applied / cost.Seconds:N0} | {cost.CpuSeconds * 1e6 / cost.Applied:0.0} | " +
                    $"{cost.Allocated / cost.Applied:N0} | {cost.Note} |"));
        }
    }
}
