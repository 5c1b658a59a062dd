using Microsoft.Extensions.Options;
using Streaming.Grains.Actors;
using Streaming.Grains.Placement;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Receiving;

/// <summary>Takes what waits into a group: what this silo owns and has not applied before. The rest is refused, or left out.</summary>
/// <remarks>It knows which members are in memory and how far each bucket is; both are void when a commit does not land. Used by the
/// receiver's loop alone.</remarks>
internal sealed class GroupGatherer(ClusterMap map, IClusterStore store, ActiveMembers active, ReceiverStatus status,
    IOptions<GrainsSettings> settings)
{
    private readonly Positions positions = new(store, settings.Value.Buckets);
    private BucketMap? seen;

    /// <summary>Takes note of members that left memory, and of buckets that came or went.</summary>
    public void Look()
    {
        active.Settle();
        status.InMemory(active.Count);
        var current = map.Current;
        if (ReferenceEquals(current, seen)) return;
        seen = current;
        positions.Forget();
        active.KeepOnly(id => map.IsMine(map.BucketOf(id)));
    }

    /// <summary>Members and positions are to be read again.</summary>
    public void Forget()
    {
        active.Forget();
        positions.Forget();
    }

    /// <summary>Takes an item in, or answers who brought it that it is refused.</summary>
    /// <param name="work">The group.</param>
    /// <param name="item">The item.</param>
    /// <param name="pending">Waits until what is being committed has ended: what it moves is in the database only then.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task AddAsync(GroupWork work, InboxItem item, Func<Task> pending, CancellationToken cancel)
    {
        if (!Mine(item))
        {
            Refuse(item, ReceiverAnswer.NotHere);
            return;
        }

        if (item.Part is not { } part)
        {
            work.Add(item, active);
            return;
        }

        if (positions.Find(part) is null)
        {
            await pending();
            await positions.LoadAsync(part, cancel);
        }

        if (positions.Find(part) is { } found && found.Generation == part.Generation) work.Add(item, found, active, map.BucketOf);
        else Refuse(item, ReceiverAnswer.Fenced);
    }

    private void Refuse(InboxItem item, ReceiverAnswer answer)
    {
        status.Refuse();
        item.End(answer);
    }

    private bool Mine(InboxItem item)
    {
        foreach (var id in item.Ids)
        {
            if (!map.IsMine(map.BucketOf(id))) return false;
        }

        if (item.Part is not { } part) return true;
        for (var at = 0; PartRecords.Next(part, ref at, out var record);)
        {
            if (!map.IsMine(map.BucketOf(record.Key))) return false;
        }

        return true;
    }
}
