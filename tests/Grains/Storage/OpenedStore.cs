using Streaming.Engine.Storing;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Tests.Storage;

/// <summary>A cluster store under test, empty at first.</summary>
/// <param name="Store">The store.</param>
/// <param name="Outboxes">Its outboxes.</param>
public sealed record OpenedStore(IClusterStore Store, IOutboxes Outboxes) : IAsyncDisposable
{
    /// <summary>Buckets it was made with.</summary>
    public const int Buckets = 4;

    /// <summary>What else ends with it.</summary>
    public IAsyncDisposable? Owned { get; init; }

    /// <summary>A commit with nothing but what is given.</summary>
    public static SiloCommit Commit(
        OutboxLease lease, long number, IReadOnlyList<MemberRecord>? members = null, IReadOnlyList<BucketPosition>? positions = null,
        IReadOnlyList<Fence>? fences = null,
        byte[]? outputs = null, IReadOnlyList<FormedBlock>? blocks = null, long sent = 0, long formed = 0) => new()
        {
            Lease = lease,
            Number = number,
            Members = members ?? [],
            Positions = positions ?? [],
            Fences = fences ?? [],
            Outputs = outputs ?? [],
            Blocks = blocks ?? [],
            Progress = new Progress(number, sent, formed),
        };

    /// <summary>A member at a version, whose state tells it.</summary>
    public static MemberRecord Member(string id, long version, long due = Members.Member.Never, ulong rules = 7)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(id);
        return new MemberRecord(bytes, Bucket.Of(bytes, Buckets), version, due, rules, [(byte)version]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
