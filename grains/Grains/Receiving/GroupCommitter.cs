using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Grains.Actors;
using Streaming.Grains.Storage;
using Streaming.Members.Snapshots;

namespace Streaming.Grains.Receiving;

/// <summary>Writes one commit group at a time. Its messages and rows are handed on only when the commit is durable.</summary>
/// <remarks>A commit the database cannot take at the moment is tried again unchanged, so that a lost answer never lands twice.</remarks>
internal sealed class GroupCommitter(IClusterStore store, ISiloOutbox outbox, IOptions<GrainsSettings> settings, ReceiverStatus status,
    ILogger<GroupCommitter> log)
{
    private readonly SnapshotWriter scratch = new();
    private ulong announced;

    /// <summary>True when a commit is wanted although no input came.</summary>
    /// <param name="now">Epoch milliseconds.</param>
    public bool Wants(long now) => outbox.Wants(now);

    /// <summary>Writes the group. Any answer but <see cref="ReceiverAnswer.Landed"/> means that the group did not land and never
    /// will.</summary>
    public async Task<ReceiverAnswer> CommitAsync(GroupWork work, CancellationToken cancel)
    {
        var delivery = await TryAsync(work, cancel);
        if (delivery != ReceiverAnswer.Landed) await LostAsync(cancel);
        return delivery;
    }

    private async Task<ReceiverAnswer> TryAsync(GroupWork work, CancellationToken cancel)
    {
        try
        {
            await WriteAsync(work, cancel);
            return ReceiverAnswer.Landed;
        }
        catch (FencedException e)
        {
            log.CommitFenced(e.Message);
            return ReceiverAnswer.Fenced;
        }
        catch (StoreException e)
        {
            status.CommitFailing(e.Message);
            log.CommitGivenUp(settings.Value.RetryFor, e.Message);
            return ReceiverAnswer.Failed;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ReceiverAnswer.Failed;
        }
#pragma warning disable CA1031 // whatever it is, the loop goes on from what the database says, and whoever waits reads again
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.CommitBroken(e);
            return ReceiverAnswer.Failed;
        }
    }

    private async Task WriteAsync(GroupWork work, CancellationToken cancel)
    {
        var rules = work.Group.Rules;
        if (rules.Hash != announced) work.Group.Contexts.RulesChanged(rules, work.Group.Now);
        var parts = work.Group.Contexts.Finish();
        var head = await outbox.NextAsync(work.Group.Now, cancel);
        var commit = new SiloCommit
        {
            Lease = head.Lease,
            Number = head.Number,
            Members = work.Changed,
            Positions = work.Positions,
            Fences = work.Fences,
            Outputs = OutputCodec.Encode(parts, head.Rows.Span, scratch),
            Blocks = head.Blocks,
            Progress = head.Progress,
        };
        var began = Stopwatch.GetTimestamp();
        await PersistAsync(commit, cancel);
        announced = rules.Hash; // dashboards know which rules are in force from the first commit under them on
        var took = Stopwatch.GetElapsedTime(began);
        outbox.Landed(commit, [.. parts.Select(p => p.Counts)],
            new CommitTrail(work.ApplyTime, took, OutputCodec.Traces(parts, commit.Number, took)));
        status.Committed(work, parts, took);
    }

    private async Task PersistAsync(SiloCommit commit, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        for (var wait = 50; ; wait = Math.Min(wait * 2, 2_000))
        {
            try
            {
                await store.CommitAsync(commit, cancel);
                status.CommitFailing(null);
                return;
            }
            catch (StoreException e) when (e.Retryable && Stopwatch.GetElapsedTime(began) < settings.Value.RetryFor)
            {
                status.CommitFailing(e.Message);
                log.CommitRetried(wait, e.Message);
                await Task.Delay(wait, cancel);
            }
        }
    }

    private async Task LostAsync(CancellationToken cancel)
    {
        try
        {
            await outbox.LostAsync(cancel);
        }
        catch (Exception e) when (e is StoreException or FencedException or OperationCanceledException)
        {
            log.OutboxUnknown(e.Message);
        }
    }
}
