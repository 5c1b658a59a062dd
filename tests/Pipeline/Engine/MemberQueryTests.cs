using Streaming.Engine.Shards;
using Streaming.Engine.Storing;
using Streaming.Members.Snapshots;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>A question for one member that its shard answers between two batches.</summary>
public sealed class MemberQueryTests
{
    [Fact]
    public async Task A_store_that_cannot_be_read_fails_the_question_and_not_the_shard()
    {
        using var store = new Unreadable();
        var query = new MemberQuery("ann"u8.ToArray());
        query.Answer(new MemberCache(10, store), store, new SnapshotWriter(), 1);
        Assert.Equal("the disk fails", (await Assert.ThrowsAsync<StoreException>(() => query.Task)).Message);
    }

    private sealed class Unreadable : IMemberReader
    {
        public bool TryRead(ReadOnlySpan<byte> id, out StoredMember snapshot) => throw new StoreException("the disk fails", true);

        public IReadOnlyList<StoredWake> WakesAfter(long wake, ReadOnlySpan<byte> afterId, long upTo, int most) => [];

        public IReadOnlyList<byte[]> NotSettledUnder(ulong rules, ReadOnlySpan<byte> afterId, int look, out byte[]? last)
        {
            last = null;
            return [];
        }

        public IReadOnlyList<byte[]> Ids(ReadOnlySpan<byte> afterId, int most) => [];

        public void Dispose()
        {
        }
    }
}
