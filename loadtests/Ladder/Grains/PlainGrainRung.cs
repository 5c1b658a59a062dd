using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Loadtests.Ladder.Measuring;

namespace Streaming.Loadtests.Ladder.Grains;

/// <summary>The rung that batching is compared with: one awaited grain call per event; members' state is in memory only.</summary>
internal static class PlainGrainRung
{
    public static async Task<RungResult> RunAsync(string name, MemoryInputs inputs, CancellationToken stop)
    {
        await using var cluster = await MeasuredSilos.StartAsync(1, null, stop);
        var grains = cluster.Silos[0].GetRequiredService<IGrainFactory>();
        var applied = 0L;
        var meter = new Meter();
        await Task.WhenAll(inputs.Partitions.Select(records => Task.Run(async () =>
        {
            foreach (var record in records)
            {
                var grain = grains.GetGrain<IPlainMember>(Encoding.UTF8.GetString(record.Key));
                if (await grain.ApplyAsync(record.Topic, record.Timestamp, record.Value.ToArray())) Interlocked.Increment(ref applied);
            }
        }, stop)));
        return meter.Stop(name, applied, $"{inputs.Partitions.Count} calls under way at a time");
    }
}
