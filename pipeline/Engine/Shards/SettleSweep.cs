using Streaming.Engine.Batches;
using Streaming.Engine.Storing;

namespace Streaming.Engine.Shards;

/// <summary>Brings members without events under changed rules, one page with each batch.</summary>
/// <remarks>
/// First come the members in memory, whose newest state the store may not hold yet (a new member has no row in it at all); then the
/// store's, page by page. Used by the shard's thread; <see cref="Running"/> may be read by any.
/// </remarks>
internal sealed class SettleSweep(IMemberReader store, MemberCache cache, MemberShare share)
{
    private const int Page = 500;
    private const int Look = 5_000; // takes a few milliseconds; most members are settled already
    private readonly Queue<byte[]> inMemory = new();
    private ulong target;
    private byte[] after = [];

    /// <summary>True while members remain.</summary>
    public bool Running { get; private set; } = true;

    /// <summary>Settles the next page through <paramref name="settle"/>; starts over when
    /// the batch is under other rules than the last.</summary>
    public void Run(Batch batch, Action<byte[]> settle)
    {
        if (batch.Rules.Hash != target)
        {
            target = batch.Rules.Hash;
            after = [];
            inMemory.Clear();
            foreach (var member in cache.All.Where(m => m.State.RulesVersion is not 0 and var under && under != target))
            {
                inMemory.Enqueue(member.State.Id.Span.ToArray());
            }
            Running = true;
        }

        if (!Running) return;
        for (var n = 0; n < Page && inMemory.TryDequeue(out var id); n++) settle(id);
        if (inMemory.Count > 0) return;
        var page = store.NotSettledUnder(target, after, Look, out var last);
        foreach (var id in page.Take(Page))
        {
            after = id;
            if (share.Holds(id)) settle(id);
        }

        if (page.Count > Page) return; // the next batch continues after the last settled member
        if (last is null) Running = false;
        else after = last;
    }
}
