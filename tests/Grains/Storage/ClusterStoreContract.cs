using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using static Streaming.Grains.Tests.Storage.OpenedStore;

namespace Streaming.Grains.Tests.Storage;

/// <summary>What every cluster store keeps to.</summary>
public abstract class ClusterStoreContract
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    /// <summary>An empty store.</summary>
    protected abstract Task<OpenedStore> OpenAsync();

    [SkippableFact]
    public async Task A_commit_stores_members_positions_outputs_and_blocks()
    {
        await using var opened = await OpenAsync();
        var (store, outboxes) = (opened.Store, opened.Outboxes);
        var lease = await outboxes.ClaimAsync("a", Long, default);
        var given = await store.AssignAsync("clicks", 3, "life", default);
        Assert.Equal(new Assignment(1, 0), given);
        var member = Member("ann", 1, due: 5_000);

        await store.CommitAsync(Commit(lease, 1, [member], [new BucketPosition("life", 3, member.Bucket, 0, 12)], [new Fence("life", 3, 1)],
            [1, 2, 3], [new FormedBlock("activity", 1, 2, [9])]), default);

        var read = Assert.Single(await store.ReadAsync([member.Id, "nobody"u8.ToArray()], default));
        Assert.Equal((member.Bucket, 1L, 5_000L, 7ul), (read.Bucket, read.Version, read.Due, read.Rules));
        Assert.Equal(member.Id, read.Id);
        Assert.Equal(member.State, read.State);
        Assert.Equal((member.Bucket, 12L), Assert.Single(await store.PositionsAsync("life", 3, default)).Pair());
        Assert.Empty(await store.PositionsAsync("other life", 3, default));
        var outbox = await LeasedOutbox.OpenAsync(outboxes, lease, Term(), default);
        Assert.Equal(1, outbox.LastCommit);
        Assert.Equal([1, 2, 3], outbox.Outputs(1));
        Assert.Equal((1L, 3), outbox.OutputsAfter(0).Select(o => (o.Number, o.Outputs.Length)).Single());
        Assert.Equal(new PendingBlock("activity", 1, 2, 1), Assert.Single(outbox.Blocks.Pending("activity", 5)));
        Assert.Equal([9], outbox.Blocks.Read("activity", 1));
        Assert.Equal(1, outbox.LastBlockNumbers["activity"]);
    }

    [SkippableFact]
    public async Task A_repeated_commit_is_stored_once_and_another_commit_of_its_number_is_fenced()
    {
        await using var opened = await OpenAsync();
        var (store, outboxes) = (opened.Store, opened.Outboxes);
        var lease = await outboxes.ClaimAsync("a", Long, default);
        var commit = Commit(lease, 1, [Member("ann", 1)], [new BucketPosition("life", 0, 1, 0, 5)], outputs: [1]);
        await store.CommitAsync(commit, default);

        await store.CommitAsync(commit, default);
        await Assert.ThrowsAsync<FencedException>(() => store.CommitAsync(Commit(lease, 1, [Member("bob", 1)], outputs: [2]), default));
        await Assert.ThrowsAsync<FencedException>(() => store.CommitAsync(Commit(lease, 3), default));

        Assert.Equal(1, Assert.Single(await store.ReadAsync(["ann"u8.ToArray(), "bob"u8.ToArray()], default)).Version);
        Assert.Equal([1], (await LeasedOutbox.OpenAsync(outboxes, lease, Term(), default)).Outputs(1));
        await store.CommitAsync(Commit(lease, 2, [Member("ann", 2)]), default);
    }

    [SkippableFact]
    public async Task A_commit_over_a_moved_member_or_position_is_fenced_as_a_whole()
    {
        await using var opened = await OpenAsync();
        var (store, outboxes) = (opened.Store, opened.Outboxes);
        var a = await outboxes.ClaimAsync("a", Long, default);
        var b = await outboxes.ClaimAsync("b", Long, default);
        await store.CommitAsync(Commit(a, 1, [Member("ann", 1)], [new BucketPosition("life", 0, 1, 0, 5)]), default);

        await Assert.ThrowsAsync<FencedException>(() => store.CommitAsync(Commit(b, 1, [Member("bob", 1), Member("ann", 1)]), default));
        await Assert.ThrowsAsync<FencedException>(() => store.CommitAsync(Commit(b, 1, [Member("bob", 1), Member("cid", 4)]), default));
        await Assert.ThrowsAsync<FencedException>(() =>
            store.CommitAsync(Commit(b, 1, [Member("bob", 1)], [new BucketPosition("life", 0, 1, 0, 9)]), default));
        await Assert.ThrowsAsync<FencedException>(() =>
            store.CommitAsync(Commit(b, 1, [Member("bob", 1)], [new BucketPosition("life", 0, 1, 4, 9)]), default));
        await Assert.ThrowsAsync<FencedException>(() =>
            store.CommitAsync(Commit(b, 1, [Member("bob", 1)], [new BucketPosition("life", 0, 2, 4, 9)]), default));

        Assert.Empty(await store.ReadAsync(["bob"u8.ToArray()], default));
        await store.CommitAsync(Commit(b, 1, [Member("ann", 2), Member("bob", 1)], [new BucketPosition("life", 0, 1, 5, 9)]), default);
        Assert.Equal(9, (await store.PositionsAsync("life", 0, default))[1]);
    }

    [SkippableFact]
    public async Task A_commit_or_progress_of_an_older_assignment_is_refused()
    {
        await using var opened = await OpenAsync();
        var (store, outboxes) = (opened.Store, opened.Outboxes);
        var lease = await outboxes.ClaimAsync("a", Long, default);
        await store.AssignAsync("clicks", 0, "life", default);
        Assert.Equal(2, (await store.AssignAsync("clicks", 0, "life", default)).Generation);

        await Assert.ThrowsAsync<FencedException>(() =>
            store.CommitAsync(Commit(lease, 1, [Member("ann", 1)], fences: [new Fence("life", 0, 1)]), default));
        await Assert.ThrowsAsync<FencedException>(() =>
            store.CommitAsync(Commit(lease, 1, [Member("ann", 1)], fences: [new Fence("life", 0, 2), new Fence("life", 1, 1)]), default));
        var old = await store.ProgressAsync([new PartitionProgress("life", 0, 1, 50, 50), new PartitionProgress("life", 9, 1, 1, 1)],
            default);

        Assert.Equal([0, 9], old.Select(p => p.Partition));
        Assert.Empty(await store.ReadAsync(["ann"u8.ToArray()], default));
        await store.CommitAsync(Commit(lease, 1, [Member("ann", 1)], fences: [new Fence("life", 0, 2)]), default);
        Assert.Equal(new Assignment(3, 0), await store.AssignAsync("clicks", 0, "life", default));
    }

    [SkippableFact]
    public async Task Progress_never_goes_back_and_is_what_the_next_assignment_starts_from()
    {
        await using var opened = await OpenAsync();
        var store = opened.Store;
        var generation = (await store.AssignAsync("clicks", 0, "life", default)).Generation;
        Assert.Empty(await store.ProgressAsync([new PartitionProgress("life", 0, generation, 40, 900)], default));
        Assert.Empty(await store.ProgressAsync([new PartitionProgress("life", 0, generation, 30, 800)], default));

        Assert.Equal(40, (await store.AssignAsync("clicks", 0, "life", default)).Next);
        Assert.Equal(900, await store.ProvenAsync([new InputPartition("life", 0)], default));
    }

    [SkippableFact]
    public async Task Proof_is_the_earliest_of_all_partitions()
    {
        await using var opened = await OpenAsync();
        var store = opened.Store;
        InputPartition[] both = [new("life", 0), new("life", 1)];
        Assert.Equal(long.MinValue, await store.ProvenAsync(both, default));
        await store.AssignAsync("clicks", 0, "life", default);
        await store.AssignAsync("clicks", 1, "life", default);
        await store.ProgressAsync([new PartitionProgress("life", 0, 1, 1, 500)], default);
        Assert.Equal(long.MinValue, await store.ProvenAsync(both, default));
        await store.ProgressAsync([new PartitionProgress("life", 1, 1, 1, 300)], default);
        Assert.Equal(300, await store.ProvenAsync(both, default));
        Assert.Equal(long.MinValue, await store.ProvenAsync([], default));
    }

    [SkippableFact]
    public async Task Members_are_found_by_due_time_by_rules_and_by_id_within_their_bucket()
    {
        await using var opened = await OpenAsync();
        var store = opened.Store;
        var lease = await opened.Outboxes.ClaimAsync("a", Long, default);
        var all = Enumerable.Range(0, 40).Select(i =>
            Member($"m{i}", 1, i % 5 == 0 ? Members.Member.Never : 1_000 - i, (ulong)(i % 2 == 0 ? long.MinValue : 7))).ToList();
        await store.CommitAsync(Commit(lease, 1, all), default);

        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            var mine = all.Where(m => m.Bucket == bucket).ToList();
            Assert.Equal(mine.Where(m => m.Due <= 980).OrderBy(m => m.Due).Select(m => m.Id).Take(3),
                await store.DueAsync(bucket, 980, 3, default));
            var ids = mine.Select(m => m.Id).OrderBy(id => System.Text.Encoding.UTF8.GetString(id), StringComparer.Ordinal).ToList();
            Assert.Equal(ids.Take(2), await store.IdsAsync(bucket, [], 2, default));
            Assert.Equal(ids.Skip(2), await store.IdsAsync(bucket, ids[1], 100, default));
            Assert.Equal(ids.Where(id => mine.Single(m => m.Id == id).Rules == 7).Skip(1),
                await store.NotSettledUnderAsync(bucket, unchecked((ulong)long.MinValue),
                ids.First(id => mine.Single(m => m.Id == id).Rules == 7), 100, default));
        }
    }

    [SkippableFact]
    public async Task A_commit_is_deleted_when_its_messages_are_sent_and_its_rows_formed()
    {
        await using var opened = await OpenAsync();
        var lease = await opened.Outboxes.ClaimAsync("a", Long, default);
        await opened.Store.CommitAsync(Commit(lease, 1, outputs: [1]), default);
        await opened.Store.CommitAsync(Commit(lease, 2, outputs: [2, 2], sent: 1), default);
        await opened.Store.CommitAsync(Commit(lease, 3, outputs: [3], sent: 1, formed: 2), default);

        var outbox = await LeasedOutbox.OpenAsync(opened.Outboxes, lease, Term(), default);
        Assert.Equal([2L, 3L], outbox.OutputsAfter(0).Select(c => c.Number));
        Assert.Equal((3, new Progress(3, 1, 2), 3L), (outbox.LastCommit, outbox.Progress, outbox.SpoolBytes));
        Assert.Null(outbox.Outputs(1));
    }

    private static LeaseTerm Term() => new(Long, TimeSpan.FromMinutes(1), TimeProvider.System);
}

/// <summary>Shorter asserts.</summary>
internal static class TestRows
{
    public static (T Key, TValue Value) Pair<T, TValue>(this KeyValuePair<T, TValue> pair) => (pair.Key, pair.Value);
}
