using Streaming.ClickHouse.Sending;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.TestKit;
using Streaming.TestKit.Sinks;
using static Streaming.Grains.Tests.Storage.OpenedStore;

namespace Streaming.Grains.Tests.Storage;

/// <summary>What leases and outboxes of every cluster store keep to.</summary>
public abstract class OutboxContract
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly string Table = BlockBuilder.TableNames[0];

    /// <summary>Parked items that the store under test keeps of one outbox.</summary>
    protected abstract int MostParked { get; }

    /// <summary>An empty store.</summary>
    protected abstract Task<OpenedStore> OpenAsync();

    [SkippableFact]
    public async Task An_outbox_has_one_holder_until_it_is_given_back()
    {
        await using var opened = await OpenAsync();
        var outboxes = opened.Outboxes;
        var a = await outboxes.ClaimAsync("a", Long, default);
        var b = await outboxes.ClaimAsync("b", Long, default);
        Assert.NotEqual(a.Writer, b.Writer);

        await outboxes.ReleaseAsync(a, default);
        var c = await outboxes.ClaimAsync("c", Long, default);

        Assert.Equal(a.Writer, c.Writer);
        Assert.True(c.Token > a.Token);
        Assert.False(await outboxes.RenewAsync(a, Long, default));
        Assert.True(await outboxes.RenewAsync(c, Long, default));
    }

    [SkippableFact]
    public async Task A_former_holder_cannot_write_or_read_or_release_the_outbox()
    {
        await using var opened = await OpenAsync();
        var old = await opened.Outboxes.ClaimAsync("a", TimeSpan.Zero, default);
        var now = await TakeOverAsync(opened.Outboxes, old);

        await Assert.ThrowsAsync<LeaseLostException>(() => opened.Store.CommitAsync(Commit(old, 1, [Member("ann", 1)]), default));
        await Assert.ThrowsAsync<LeaseLostException>(() => LeasedOutbox.OpenAsync(opened.Outboxes, old, Term(), default));
        await opened.Outboxes.ReleaseAsync(old, default);

        Assert.Empty(await opened.Store.ReadAsync(["ann"u8.ToArray()], default));
        await opened.Store.CommitAsync(Commit(now, 1, [Member("ann", 1)]), default);
    }

    [SkippableFact]
    public async Task An_outbox_is_adopted_only_when_nobody_holds_it_and_work_waits_in_it()
    {
        await using var opened = await OpenAsync();
        var outboxes = opened.Outboxes;
        var lease = await outboxes.ClaimAsync("a", Long, default);
        Assert.Null(await outboxes.AdoptAsync("b", Long, default));
        await opened.Store.CommitAsync(Commit(lease, 1, outputs: [1]), default);
        Assert.Null(await outboxes.AdoptAsync("b", Long, default));
        await outboxes.ReleaseAsync(lease, default);

        var adopted = await outboxes.AdoptAsync("b", Long, default);

        Assert.Equal(lease.Writer, adopted!.Writer);
        await opened.Store.CommitAsync(Commit(adopted, 2, outputs: [], sent: 2, formed: 2), default);
        await outboxes.ReleaseAsync(adopted, default);
        Assert.Null(await outboxes.AdoptAsync("b", Long, default));
        Assert.Equal(lease.Writer, (await outboxes.ClaimAsync("c", Long, default)).Writer);
    }

    [SkippableFact]
    public async Task Delivered_blocks_are_deleted_and_a_parked_block_gets_the_next_number_when_redriven()
    {
        await using var opened = await OpenAsync();
        var lease = await opened.Outboxes.ClaimAsync("a", Long, default);
        var writer = new WriterIdentity(1, lease.Writer);
        var formed = SampleRows.Blocks(writer, 3, SampleRows.Now).Where(b => b.Table == Table).ToList();
        await opened.Store.CommitAsync(Commit(lease, 1, blocks: formed), default);
        var outbox = await LeasedOutbox.OpenAsync(opened.Outboxes, lease, Term(), default);
        Assert.Equal(3, outbox.BlocksWaiting);

        outbox.Blocks.Delivered(Table, 1);
        outbox.Blocks.Park(Table, 2, "refused");

        Assert.Equal([3L], outbox.Blocks.Pending(Table, 9).Select(b => b.Number));
        var parked = Assert.Single(outbox.Parked.List(9));
        Assert.Equal((ParkedItem.Block, Table, "refused", 1L), (parked.Kind, parked.Target, parked.Reason, outbox.Parked.Count));
        Assert.True(outbox.Parked.Redrive(parked.Id));
        Assert.False(outbox.Parked.Redrive(parked.Id + 1_000));

        var again = await LeasedOutbox.OpenAsync(opened.Outboxes, lease, Term(), default);
        Assert.Equal([3L, 4L], again.Blocks.Pending(Table, 9).Select(b => b.Number));
        Assert.Equal(4, again.LastBlockNumbers[Table]);
        Assert.Equal(formed[1].Bytes.Length, again.Blocks.Read(Table, 4).Length);
        Assert.Empty(again.Parked.ToRedrive(ParkedItem.Block));
    }

    [SkippableFact]
    public async Task Resuming_after_an_unknown_commit_counts_every_commit_and_block_once()
    {
        await using var opened = await OpenAsync();
        var lease = await opened.Outboxes.ClaimAsync("a", Long, default);
        var known = Commit(lease, 1, outputs: [1, 1], blocks: [new FormedBlock(Table, 1, 1, [1])]);
        await opened.Store.CommitAsync(known, default);
        var outbox = await LeasedOutbox.OpenAsync(opened.Outboxes, lease, Term(), default);
        outbox.Blocks.Delivered(Table, 1);
        await opened.Store.CommitAsync(Commit(lease, 2, outputs: [2], blocks: [new FormedBlock(Table, 2, 1, [2, 2, 2])]), default);

        await outbox.ResumeAsync(opened.Outboxes, default);
        await outbox.ResumeAsync(opened.Outboxes, default);

        Assert.Equal((2L, 2L, 1L, 3L + 3L), (outbox.LastCommit, outbox.LastBlockNumbers[Table], outbox.BlocksWaiting, outbox.SpoolBytes));
        Assert.Equal([2L], outbox.Blocks.Pending(Table, 9).Select(b => b.Number));
    }

    [SkippableFact]
    public async Task Passed_deletes_commits_without_a_new_commit()
    {
        await using var opened = await OpenAsync();
        var lease = await opened.Outboxes.ClaimAsync("a", Long, default);
        await opened.Store.CommitAsync(Commit(lease, 1, outputs: [1]), default);
        await opened.Store.CommitAsync(Commit(lease, 2, outputs: [2]), default);
        var outbox = await LeasedOutbox.OpenAsync(opened.Outboxes, lease, Term(), default);

        outbox.Passed(new Progress(2, 1, 2));
        Assert.Equal([2L], outbox.OutputsAfter(0).Select(c => c.Number));
        Assert.Equal(1, outbox.SpoolBytes);
        outbox.Passed(new Progress(2, 2, 2));
        await opened.Outboxes.ReleaseAsync(lease, default);

        Assert.Null(await opened.Outboxes.AdoptAsync("b", Long, default));
    }

    [SkippableFact]
    public async Task Parked_messages_are_listed_redriven_and_dropped()
    {
        await using var opened = await OpenAsync();
        var lease = await opened.Outboxes.ClaimAsync("a", Long, default);
        var parked = (await LeasedOutbox.OpenAsync(opened.Outboxes, lease, Term(), default)).Parked;
        parked.Add(ParkedItem.Message, "rewards", "too large", [1, 2]);
        var item = Assert.Single(parked.List(5));
        Assert.Empty(parked.ToRedrive(ParkedItem.Message));
        Assert.True(parked.Redrive(item.Id));
        Assert.Equal([1, 2], Assert.Single(parked.ToRedrive(ParkedItem.Message)).Bytes);
        Assert.Equal(0, parked.Count);
        Assert.True(parked.Remove(item.Id));
        Assert.False(parked.Remove(item.Id));
    }

    [SkippableFact]
    public async Task The_oldest_parked_items_are_deleted_beyond_the_limit()
    {
        await using var opened = await OpenAsync();
        var lease = await opened.Outboxes.ClaimAsync("a", Long, default);
        await opened.Store.CommitAsync(Commit(lease, 1, blocks: [new FormedBlock(Table, 1, 1, [9])]), default);
        var outbox = await LeasedOutbox.OpenAsync(opened.Outboxes, lease, Term(), default);
        var most = MostParked;
        for (var i = 0; i < most; i++) Assert.Equal(0, outbox.Parked.Add(ParkedItem.Message, "rewards", "refused", [(byte)i]));
        Assert.Equal(1, outbox.Blocks.Park(Table, 1, "refused"));
        Assert.Equal(most, outbox.Parked.Count);
        Assert.Equal(1, outbox.Parked.Add(ParkedItem.Message, "rewards", "refused", [7]));
        var oldest = outbox.Parked.List(1)[0];
        Assert.Equal([2], oldest.Bytes);
        Assert.Equal([3], outbox.Parked.List(1, oldest.Id)[0].Bytes);
    }

    [SkippableFact]
    public async Task No_block_is_sent_when_too_little_is_left_of_the_lease()
    {
        await using var opened = await OpenAsync();
        var lease = await opened.Outboxes.ClaimAsync("a", Long, default);
        await opened.Store.CommitAsync(Commit(lease, 1, blocks: [new FormedBlock("activity", 1, 1, [1])]), default);
        var clock = new ManualClock();
        var term = new LeaseTerm(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), clock);
        var outbox = await LeasedOutbox.OpenAsync(opened.Outboxes, lease, term, default);

        clock.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal([1], outbox.Blocks.Read("activity", 1));
        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.True(Assert.Throws<StoreException>(() => outbox.Blocks.Read("activity", 1)).Retryable);

        term.Granted(term.Asking());
        Assert.Equal([1], outbox.Blocks.Read("activity", 1));
    }

    private static async Task<OutboxLease> TakeOverAsync(IOutboxes outboxes, OutboxLease old)
    {
        while (true)
        {
            var taken = await outboxes.ClaimAsync("b", Long, default);
            if (taken.Writer == old.Writer) return taken; // the lease of no length has ended by the database's clock
        }
    }

    private static LeaseTerm Term() => new(Long, TimeSpan.FromMinutes(1), TimeProvider.System);
}
