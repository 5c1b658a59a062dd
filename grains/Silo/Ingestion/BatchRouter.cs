using Microsoft.Extensions.Logging;
using Streaming.Contract.Records;
using Streaming.Grains.Placement;
using Streaming.Grains.Receiving;

namespace Streaming.Silo.Ingestion;

/// <summary>Brings a batch to the silos that own its members, one call for each, and waits until all of it is durable.</summary>
internal sealed class BatchRouter(ClusterMap map, IReceivers receivers, ILogger<BatchRouter> log)
{
    private const int MostTries = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>True once every part is durable; false when one is not, or nobody knows.</summary>
    public async Task<bool> DeliverAsync(PartitionBatch batch)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            // Parts that landed before are known by their positions when they come again.
            var current = map.Current;
            if (current.Silos.Count > 0)
            {
                var parts = batch.Split(bucket => current.Owner(bucket)!);
                var ends = await Task.WhenAll(parts.Select(p => TryAsync(p.Owner, p.Part)));
                if (ends.All(e => e == ReceiverAnswer.Landed)) return true;
                if (ends.Any(e => e is ReceiverAnswer.Failed or ReceiverAnswer.Fenced)) return false;
            }

            await Task.Delay(Pause); // the silos see different members of the cluster for a moment
        }

        return false;
    }

    private async Task<ReceiverAnswer> TryAsync(SiloAddress silo, PartitionPart part)
    {
        try
        {
            return await receivers.DeliverAsync(silo, part);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or ObjectDisposedException)
        {
            log.SiloSilent(silo, part.Count, InputTopics.Name(part.Topic), part.Partition, e.Message);
            return ReceiverAnswer.Failed;
        }
    }
}
