using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.Members.Snapshots;

namespace Streaming.Silo.Sending;

/// <summary>Sends what silos left behind that are gone: takes their outboxes once the leases
/// have ended, one at a time, and gives them back empty.</summary>
internal sealed class OutboxAdopter(OutboxSenderParts parts, IClusterStore store) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly SnapshotWriter scratch = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var every = parts.Settings.Lease / SiloOutboxSettings.RenewalsPerLease;
        using var timer = new PeriodicTimer(every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await parts.Outboxes.AdoptAsync($"adopted by {Environment.MachineName}", parts.Settings.Lease,
                    stoppingToken) is { } lease) await DrainAsync(lease, stoppingToken);
            }
            catch (Exception e) when (e is StoreException or FencedException
                || (e is OperationCanceledException && !stoppingToken.IsCancellationRequested))
            {
                parts.Log.OutboxesNotAdopted(every.TotalSeconds, e.Message);
            }
        }
    }

    private async Task DrainAsync(OutboxLease lease, CancellationToken stop)
    {
        parts.Log.OutboxAdopted(lease.Writer);
        await using var senders = await Senders.OpenAsync(parts, lease, stop);
        senders.Start(() => Task.CompletedTask);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, senders.Lost.Token);
        var number = senders.Outbox.LastCommit;
        while (!await EmptyAsync(senders, number, either.Token))
        {
            if (!senders.Forming.Empty) await FormAsync(senders, ++number, either.Token);
            await Task.Delay(Look, either.Token);
        }

        await parts.Outboxes.ReleaseAsync(lease, stop);
        parts.Log.OutboxFreed(lease.Writer);
    }

    private static async Task<bool> EmptyAsync(Senders senders, long number, CancellationToken stop)
    {
        if (!senders.Forming.Empty || senders.Messages.Sent < number || senders.Outbox.BlocksWaiting > 0) return false;
        await Task.Run(() => senders.Outbox.Passed(new Progress(number, number, number)), stop);
        return true;
    }

    /// <summary>Rows become blocks with a commit that holds nothing else.</summary>
    private async Task FormAsync(Senders senders, long number, CancellationToken stop)
    {
        var (blocks, formed) = senders.Forming.Form(number, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), all: true);
        var commit = new SiloCommit
        {
            Lease = senders.Outbox.Lease,
            Number = number,
            Members = [],
            Positions = [],
            Fences = [],
            Outputs = OutputCodec.Encode([], default, scratch),
            Blocks = blocks,
            Progress = new Progress(number, senders.Messages.Sent, formed),
        };
        await store.CommitAsync(commit, stop);
        senders.Landed(commit, null);
    }
}
