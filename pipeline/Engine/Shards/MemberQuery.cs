using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Members.Snapshots;

namespace Streaming.Engine.Shards;

/// <summary>A question for one member's state, answered by its shard between two batches.</summary>
/// <remarks>The answer names the last batch it contains: it may be shown only once that batch is durable.</remarks>
public sealed class MemberQuery(byte[] id)
{
    private readonly TaskCompletionSource<MemberAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The member asked for.</summary>
    public byte[] Id { get; } = id;

    /// <summary>Completes with the state; fails when the store cannot be read, which ends this question alone.</summary>
    public Task<MemberAnswer> Task => answer.Task;

    /// <summary>Called by the shard.</summary>
    public void Answer(MemberCache cache, IMemberReader store, SnapshotWriter writer, long last)
    {
        try
        {
            answer.TrySetResult(new MemberAnswer(Snapshot(cache, store, writer), last));
        }
#pragma warning disable CA1031 // whatever it is, it is told to whoever asks
        catch (Exception e)
#pragma warning restore CA1031
        {
            answer.TrySetException(e);
        }
    }

    private byte[]? Snapshot(MemberCache cache, IMemberReader store, SnapshotWriter writer)
    {
        if (cache.Peek(Id) is { } member && (member.DirtySince != 0 || member.SnapshotCommit != 0))
        {
            writer.Clear();
            member.State.Write(writer);
            return writer.Written.ToArray();
        }

        return store.TryRead(Id, out var stored) ? stored.State.ToArray() : null;
    }
}

/// <summary>A member's snapshot bytes, or null for an unknown member, and the number of the last batch they contain.</summary>
public readonly record struct MemberAnswer(byte[]? Snapshot, long Batch);
