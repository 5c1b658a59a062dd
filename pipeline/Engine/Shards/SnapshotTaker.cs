using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Members.Snapshots;

namespace Streaming.Engine.Shards;

/// <summary>Decides after each batch which changed members are written to the store with it, and encodes them. Used by the shard's
/// thread.</summary>
/// <param name="cache">The members, the one that has been changed longest first.</param>
/// <param name="wakes">Says when each row is to be looked at.</param>
/// <param name="settings">When and how many.</param>
/// <param name="bytes">A member is written once so many bytes of records were read since it changed.</param>
internal sealed class SnapshotTaker(MemberCache cache, WakeQueue wakes, ShardSettings settings, long bytes)
{
    private readonly SnapshotWriter writer = new();

    /// <summary>Puts the snapshots into the result of the batch.</summary>
    /// <param name="batch">The batch, applied.</param>
    /// <param name="read">Bytes of records read so far.</param>
    /// <param name="result">Receives them.</param>
    public void Take(Batch batch, long read, ShardResult result)
    {
        if (batch.Segments.Count == 0) return;
        var few = cache.Dirty <= settings.FewDirty;
        var crowded = cache.Dirty > cache.Capacity / 2;
        var old = batch.Recovering ? -1 : batch.WallClock - (long)settings.SnapshotAge.TotalMilliseconds;
        var far = read - bytes;
        // a changed member cannot be let go: what changes faster than snapshots are written, as when millions fall due at once, must not
        // fill memory
        var most = crowded ? Math.Max(settings.SnapshotsPerBatch * 4, cache.Dirty - (cache.Capacity / 2)) : settings.SnapshotsPerBatch;
        while (result.Snapshots.Count < most && cache.FirstDirty is { } member
            && (few || crowded || batch.Flush || member.DirtyAt <= old || member.DirtyRead <= far))
        {
            writer.Clear();
            member.State.Write(writer);
            var standing = wakes.Standing(member);
            var wake = standing ? member.StoredWake : member.State.Due;
            result.Snapshots.Add(new SnapshotRow(result.Keep(member.State.Id.Span), batch.Number, wake, member.State.RulesVersion,
                result.Keep(writer.Written), standing));
            cache.MarkClean(member, batch.Number, wake);
        }
    }
}
