using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Hosting;

/// <summary>Brings the members nobody touches under changed rules, a page with each batch.</summary>
/// <remarks>
/// The pages come from the store's snapshots: a member changed since its snapshot is settled when it is touched, and is skipped when its
/// page comes. Used by the shard's thread; <see cref="Running"/> may be read by any.
/// </remarks>
internal sealed class SettleSweep(IMemberReader store, Func<byte[], bool> mine)
{
    private const int Page = 500;
    private ulong target;
    private byte[] after = [];

    /// <summary>True while members remain.</summary>
    public bool Running { get; private set; } = true;

    /// <summary>Settles the next page through <paramref name="settle"/>; starts over when the batch is under other rules than the last.</summary>
    public void Run(Batch batch, Action<byte[]> settle)
    {
        if (batch.Rules.Hash != target)
        {
            target = batch.Rules.Hash;
            after = [];
            Running = true;
        }

        if (!Running) return;
        var page = store.NotSettledUnder(target, after, Page);
        foreach (var id in page)
        {
            after = id;
            if (mine(id)) settle(id);
        }

        if (page.Count < Page) Running = false;
    }
}
