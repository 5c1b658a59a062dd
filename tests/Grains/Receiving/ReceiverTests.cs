using System.Buffers;
using System.Text;
using Streaming.Grains.Actors;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;
using Streaming.Grains.Tests.Cluster;
using Streaming.Grains.Tests.Storage;
using Streaming.Members;
using Streaming.Members.Events;

namespace Streaming.Grains.Tests.Receiving;

/// <summary>What a silo's receiver does with parts read again, commits that fail, and assignments that are over.</summary>
public sealed class ReceiverTests : IAsyncLifetime
{
    private const string Log = "log";
    private FailingStore store = null!;
    private Landings landings = null!;
    private TestSilos silos = null!;

    public async Task InitializeAsync()
    {
        var memory = new MemoryClusterStore(TestSilos.Buckets, TimeProvider.System);
        store = new FailingStore(memory);
        landings = new Landings((_, _) => { });
        silos = await TestSilos.StartAsync(1, "{}", new OpenedStore(store, memory.Outboxes), landings);
        silos.Clock.Now = 1_800_000_000_000;
    }

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [Fact]
    public async Task A_part_read_again_is_applied_once()
    {
        var under = await AssignAsync();
        Assert.Equal(ReceiverAnswer.Landed, await DeliverAsync(under, 0, 10));
        Assert.Equal(ReceiverAnswer.Landed, await DeliverAsync(await AssignAsync(), 5, 15));
        Assert.Equal((15L, 0L), (landings.Applied, landings.Duplicates));
    }

    [Fact]
    public async Task A_part_of_an_ended_assignment_is_fenced_and_changes_nothing()
    {
        var old = await AssignAsync();
        Assert.Equal(ReceiverAnswer.Landed, await DeliverAsync(old, 0, 10));
        var now = await AssignAsync();
        Assert.Equal(ReceiverAnswer.Fenced, await DeliverAsync(old, 10, 20));
        Assert.Equal(ReceiverAnswer.Landed, await DeliverAsync(now, 10, 20));
        Assert.Equal(ReceiverAnswer.Fenced, await DeliverAsync(old, 20, 30));
        Assert.Equal((20L, 0L), (landings.Applied, landings.Duplicates));
    }

    [Fact]
    public async Task A_commit_that_fails_is_tried_again_unchanged()
    {
        store.RefuseNext(2);
        Assert.Equal(ReceiverAnswer.Landed, await DeliverAsync(await AssignAsync(), 0, 10));
        Assert.Equal(3, store.Attempts);
        Assert.Equal(10L, landings.Applied);
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_lands_once()
    {
        store.LoseAnswers(2);
        Assert.Equal(ReceiverAnswer.Landed, await DeliverAsync(await AssignAsync(), 0, 10));
        Assert.Equal(10, await EventsAsync("m3") + await EventsAsync("m4") + await EventsAsync("m0") + await EventsAsync("m1") +
            await EventsAsync("m2"));
        Assert.Equal(10L, landings.Applied);
    }

    [Fact]
    public async Task After_another_silo_wrote_a_member_the_commit_is_fenced_and_the_member_is_read_again()
    {
        var under = await AssignAsync();
        Assert.Equal(ReceiverAnswer.Landed, await DeliverAsync(under, 0, 10));
        await WriteElsewhereAsync("m3");
        Assert.Equal(ReceiverAnswer.Fenced, await DeliverAsync(under, 10, 20));
        Assert.Equal(ReceiverAnswer.Landed, await DeliverAsync(await AssignAsync(), 10, 20));
        Assert.Equal((20L, 0L), (landings.Applied, landings.Duplicates));
    }

    [Fact]
    public async Task A_record_without_a_valid_member_id_becomes_one_dead_letter()
    {
        var bytes = new ArrayBufferWriter<byte>();
        PartRecords.Write(bytes, 0, silos.Clock.Now, -1, -1, 0);
        var room = PartRecords.Write(bytes, 1, silos.Clock.Now, 200, -1, 0);
        room.Fill((byte)'x');
        Encoding.UTF8.GetBytes("{").CopyTo(PartRecords.Write(bytes, 2, silos.Clock.Now, 0, 1, 0));
        var part = new PartitionPart(Log, Topic.Clicks, 0, (await AssignAsync()).Generation, 3, bytes.WrittenSpan.ToArray());
        Assert.Equal(ReceiverAnswer.Landed, await silos.Service<Receiver>().DeliverAsync(part));
        Assert.Equal(ReceiverAnswer.Landed, await silos.Service<Receiver>().DeliverAsync(part));
        Assert.Equal(3L, landings.Rejected);
    }

    [Fact]
    public async Task Reading_a_member_gives_its_durable_state()
    {
        Assert.Null(await Grain("m3").ReadAsync());
        await DeliverAsync(await AssignAsync(), 0, 10);
        Assert.Equal(2, await EventsAsync("m3"));
        var stored = await store.ReadAsync([Encoding.UTF8.GetBytes("m3")], CancellationToken.None);
        Assert.Equal(stored[0].State, await Grain("m3").ReadAsync());
    }

    private Task<Assignment> AssignAsync() => store.AssignAsync("clicks", 0, Log, CancellationToken.None);

    private Task<ReceiverAnswer> DeliverAsync(Assignment under, int from, int to) =>
        silos.Service<Receiver>().DeliverAsync(Events.Part(Log, under.Generation, Enumerable.Range(from, to - from), silos.Clock.Now));

    private async Task WriteElsewhereAsync(string id)
    {
        var known = (await store.ReadAsync([Encoding.UTF8.GetBytes(id)], CancellationToken.None))[0];
        var outbox = new TestOutbox(silos.Outboxes, new Landings((_, _) => { }));
        var head = await outbox.NextAsync(0, CancellationToken.None);
        await store.CommitAsync(OpenedStore.Commit(head.Lease, head.Number, [known with { Version = known.Version + 1 }]),
            CancellationToken.None);
    }

    private IMemberGrain Grain(string id) => silos.Service<IGrainFactory>().GetGrain<IMemberGrain>(id);

    private async Task<long> EventsAsync(string id) => StoredMembers.Read(id, (await Grain(id).ReadAsync())!).Events;
}
