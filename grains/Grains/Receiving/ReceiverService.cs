using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace Streaming.Grains.Receiving;

/// <summary>Makes the silo's <see cref="Receiver"/> reachable for the other silos, and starts and stops it with the silo.</summary>
internal sealed class ReceiverService(GrainId id, Silo silo, ILoggerFactory logs, Receiver receiver) : GrainService(id, silo, logs),
    IReceiver
{
    public Task<ReceiverAnswer> DeliverAsync(PartitionPart part) => receiver.DeliverAsync(part);

    public override Task Start()
    {
        receiver.Start();
        return base.Start();
    }

    public override async Task Stop()
    {
        await receiver.StopAsync();
        await base.Stop();
    }
}

/// <summary>Finds the receiver of a silo.</summary>
public interface IReceivers
{
    /// <summary>Hands a part to the receiver of a silo and waits until it is durable there.</summary>
    /// <exception cref="OrleansException">The silo is gone or does not answer.</exception>
    /// <exception cref="TimeoutException">It did not answer in time; the part may land yet, or not.</exception>
    Task<ReceiverAnswer> DeliverAsync(SiloAddress silo, PartitionPart part);
}

/// <inheritdoc cref="IReceivers"/>
internal sealed class Receivers(IServiceProvider services, Receiver own, ILocalSiloDetails local) : GrainServiceClient<IReceiver>(services),
    IReceivers, IGrainServiceClient<IReceiver>
{
    /// <inheritdoc/>
    public Task<ReceiverAnswer> DeliverAsync(SiloAddress silo, PartitionPart part) =>
        silo.Equals(local.SiloAddress) ? own.DeliverAsync(part) : GetGrainService(silo).DeliverAsync(part);
}
