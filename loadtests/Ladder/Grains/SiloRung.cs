using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Common.CommandLine;
using Streaming.Contract.Records;
using Streaming.Grains.Placement;
using Streaming.Grains.Receiving;
using Streaming.Loadtests.Ladder.Measuring;

namespace Streaming.Loadtests.Ladder.Grains;

/// <summary>Silos fed as ingestion feeds them: a partition's next batch leaves when every silo has
/// acknowledged the last. Partitions are spread over the silos.</summary>
internal static class SiloRung
{
    public static async Task<RungResult> RunAsync(string name, MemoryInputs inputs, string? database, int silos, CancellationToken stop)
    {
        await using var cluster = await MeasuredSilos.StartAsync(silos, database, stop);
        var nodes = cluster.Silos;
        using var network = new NetworkCounter();
        var meter = new Meter();
        await Task.WhenAll(inputs.Partitions.Select((records, n) =>
            Task.Run(() => FeedAsync(cluster, nodes[n % nodes.Count], records), stop)));
        var (messages, bytes) = network.Read();
        var between = silos == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {messages / (double)inputs.Events:0.0000} " +
            $"messages and {bytes / (double)inputs.Events:0} bytes per event between silos (all kinds, answers included)");
        return meter.Stop(name, cluster.Applied, string.Create(CultureInfo.InvariantCulture, $"{cluster.Commits:N0} commits{between}"));
    }

    private static async Task FeedAsync(MeasuredSilos cluster, IServiceProvider node, IReadOnlyList<InputRecord> records)
    {
        var (map, receivers) = (node.GetRequiredService<ClusterMap>(), node.GetRequiredService<IReceivers>());
        var under = await cluster.Store.AssignAsync(records[0].Topic.ToString(), records[0].Partition, records[0].Topic.ToString(),
            CancellationToken.None);
        foreach (var batch in records.Chunk(MemoryInputs.Batch))
        {
            var parts = batch.GroupBy(r => map.Current.Owner(map.BucketOf(r.Key))!);
            var ends = await Task.WhenAll(parts.Select(p => receivers.DeliverAsync(p.Key, MemoryInputs.Part(p, under.Generation))));
            if (ends.Any(e => e != ReceiverAnswer.Landed))
            {
                throw new CommandException($"A part ended as {ends.First(e => e != ReceiverAnswer.Landed)}: the figures would " +
                    $"mean nothing.");
            }
        }
    }
}
