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

    /// <summary>Completes with the state.</summary>
    public Task<MemberAnswer> Task => answer.Task;

    /// <summary>Called by the shard.</summary>
    public void Answer(MemberCache cache, IMemberReader store, SnapshotWriter writer, long last)
    {
        if (cache.Peek(Id) is { } member && (member.DirtySince != 0 || member.SnapshotCommit != 0))
        {
            writer.Clear();
            member.State.Write(writer);
            answer.TrySetResult(new MemberAnswer(writer.Written.ToArray(), last));
        }
        else if (store.TryRead(Id, out var stored))
        {
            answer.TrySetResult(new MemberAnswer(stored.State.ToArray(), last));
        }
        else
        {
            answer.TrySetResult(new MemberAnswer(null, last));
        }
    }
}

/// <summary>A member's snapshot bytes, or null for an unknown member, and the number of the last batch they contain.</summary>
public readonly record struct MemberAnswer(byte[]? Snapshot, long Batch);
