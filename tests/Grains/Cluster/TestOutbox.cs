using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Tests.Cluster;

/// <summary>A silo's outbox whose commits a test looks at as soon as they are durable.</summary>
public sealed class TestOutbox(IOutboxes outboxes, Landings landings) : ISiloOutbox
{
    private OutboxLease? lease;
    private long number;

    public bool Wants(long now) => false;

    public async Task<CommitHead> NextAsync(long now, CancellationToken cancel)
    {
        if (lease is null)
        {
            lease = await outboxes.ClaimAsync("test", TimeSpan.FromDays(1), cancel);
            number = (await outboxes.StateAsync(lease, cancel)).LastCommit;
        }

        return new CommitHead(lease, number + 1, [], new Progress(number, number, number), default);
    }

    public void Landed(SiloCommit commit, IReadOnlyList<BatchCounts> counts, CommitTrail trail)
    {
        number = commit.Number;
        landings.Add(commit, counts);
    }

    public async Task LostAsync(CancellationToken cancel)
    {
        if (lease is { } held) await outboxes.ReleaseAsync(held, cancel);
        lease = null; // whether the commit landed is asked of the store
    }
}
