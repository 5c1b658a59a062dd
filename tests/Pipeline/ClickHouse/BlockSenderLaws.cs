using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;
using Streaming.Members.Events;
using Streaming.TestKit;
using Streaming.TestKit.Sinks;

namespace Streaming.Pipeline.Tests.ClickHouse;

public class BlockSenderLaws
{
    private static readonly SenderSettings AtOnce =
        new() { FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(1) };

    private static readonly Arbitrary<Fate[]> Fates =
        Gen.Frequency((4, Gen.Constant(Fate.Answered)), (1, Gen.Elements(Fate.RequestLost, Fate.AnswerLost, Fate.OutOfMemory,
            Fate.StillRunning))).ArrayOf().ToArbitrary();

    [Fact]
    public void Every_block_lands_once_and_in_order_under_any_faults() => Prop.ForAll(Fates, fates =>
    {
        var blocks = Blocks(4);
        using var model = new ModelClickHouse(fates);
        Deliver(new MemoryOutbox(blocks), model);
        return model.Landed.GroupBy(b => b.Table).All(t => t.Select(b => b.Number).SequenceEqual([1, 2, 3, 4]))
            && model.Landed.Count == blocks.Count;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_failure_to_delete_landed_blocks_makes_no_block_land_twice() =>
        Prop.ForAll(Fates, Gen.Elements(true, false).ArrayOf().ToArbitrary(), (fates, refusals) =>
    {
        var blocks = Blocks(4);
        using var model = new ModelClickHouse(fates);
        var outbox = new MemoryOutbox(blocks);
        using var client = new ClickHouseClient(new ClickHouseSettings(), model);
        var sender = new BlockSender(
            new RefusingOutbox(outbox, refusals), client, Rows.Writer, AtOnce,
                NullLogger<BlockSender>.Instance);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await sender.RunAsync(stop.Token);
                }
                catch (StoreException)
                {
                    continue; // as delivery does, after a pause
                }
            }
        });
        Assert.True(outbox.Empty.Wait(TimeSpan.FromMinutes(2)));
        stop.Cancel();
        running.GetAwaiter().GetResult();
        return model.Landed.GroupBy(b => b.Table).All(t => t.Select(b => b.Number).SequenceEqual([1, 2, 3, 4]))
            && model.Landed.Count == blocks.Count;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_server_that_does_not_answer_is_away_from_the_first_request_on()
    {
        using var frozen = new FrozenClickHouse();
        using var client = new ClickHouseClient(new ClickHouseSettings { Timeout = TimeSpan.FromMilliseconds(100) }, frozen);
        var sender = new BlockSender(new MemoryOutbox(Blocks(1)), client, Rows.Writer, new SenderSettings(),
            NullLogger<BlockSender>.Instance);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => sender.RunAsync(stop.Token));
        await Until.TrueAsync(() => sender.State.FailingSince is not null);
        await stop.CancelAsync();
        await running;
        Assert.InRange(sender.State.FailingSince!.Value, 1, frozen.FirstAskedAt);
    }

    [Fact]
    public void Every_block_lands_once_and_in_order_over_replicas() =>
        Prop.ForAll(Fates, Gen.Choose(0, 2).ArrayOf().ToArbitrary(), (fates, routes) =>
    {
        var blocks = Blocks(4);
        using var model = new ModelReplicas(fates, routes);
        Deliver(new MemoryOutbox(blocks), model, new ClickHouseSettings { Cluster = "main" });
        return model.Log.GroupBy(b => b.Table).All(t => t.Select(b => b.Number).SequenceEqual([1, 2, 3, 4]))
            && model.Log.Count == blocks.Count;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_block_taken_by_another_replica_is_not_sent_again()
    {
        using var model = new ModelReplicas([Fate.Answered, Fate.Answered, Fate.Answered, Fate.AnswerLost], [0, 0, 0, 0, 1, 1, 1]);
        Deliver(new MemoryOutbox(Blocks(1).Where(b => b.Table == "activity_rows")), model, new ClickHouseSettings { Cluster = "main" });
        Assert.Single(model.Log);
        Assert.Equal(1, model.Inserts);
    }

    [Fact]
    public void An_insert_that_may_still_be_running_is_waited_for()
    {
        using var model = new ModelClickHouse([Fate.Answered, Fate.Answered, Fate.StillRunning]);
        Deliver(new MemoryOutbox(Blocks(1).Where(b => b.Table == "activity_rows")), model);
        Assert.Equal([("activity_rows", 1)], model.Landed);
    }

    [Fact]
    public void The_senders_state_shows_failures_and_recovery()
    {
        using var model = new ModelClickHouse([Fate.Answered, Fate.Answered, Fate.OutOfMemory]);
        var state = Deliver(new MemoryOutbox(Blocks(2)), model);
        Assert.Null(state.FailingSince);
        Assert.Contains("Memory limit", state.LastError, StringComparison.Ordinal);
        Assert.Equal(4, state.DeliveredBlocks);
        Assert.True(state.LastSuccess > 0);
    }

    [Fact]
    public void Delays_double_up_to_the_longest()
    {
        var settings = new SenderSettings { FirstDelay = TimeSpan.FromMilliseconds(100), LongestDelay = TimeSpan.FromMilliseconds(1_000) };
        Assert.Equal([100, 200, 400, 800, 1_000, 1_000], Enumerable.Range(1, 6).Select(n => settings.DelayAfter(n).TotalMilliseconds));
        Assert.Equal(1_000, settings.DelayAfter(10_000).TotalMilliseconds);
    }

    private static List<FormedBlock> Blocks(int commits)
    {
        var rows = new RowCollector(Rows.Key);
        rows.Applied(Rows.Member("m"), EventKind.View, 60_000, 0, default);
        rows.Rejected(Topic.Clicks, "not-json", 60_000);
        return Rows.Blocks([.. Enumerable.Repeat(Rows.Chunk(rows), commits)], _ => true);
    }

    private static SenderState Deliver(MemoryOutbox outbox, HttpMessageHandler handler, ClickHouseSettings? settings = null)
    {
        using var client = new ClickHouseClient(settings ?? new ClickHouseSettings(), handler);
        var sender = new BlockSender(outbox, client, Rows.Writer, AtOnce,
            NullLogger<BlockSender>.Instance);
        using var stop = new CancellationTokenSource();
        var running = sender.RunAsync(stop.Token);
        Assert.NotEqual(-1, Task.WaitAny([outbox.Empty, running], TimeSpan.FromMinutes(2)));
        stop.Cancel();
        running.GetAwaiter().GetResult();
        return sender.State;
    }

    /// <summary>An outbox that cannot be written at times.</summary>
    private sealed class RefusingOutbox(MemoryOutbox inner, IEnumerable<bool> refusals) : IBlockOutbox
    {
        private readonly Queue<bool> refusals = new(refusals);

        public IReadOnlyList<PendingBlock> Pending(string table, int most) => inner.Pending(table, most);

        public byte[] Read(string table, long number) => inner.Read(table, number);

        public void Delivered(string table, long upTo)
        {
            if (refusals.TryDequeue(out var refused) && refused) throw new StoreException("the store is away", true);
            inner.Delivered(table, upTo);
        }

        public int Park(string table, long number, string reason) => inner.Park(table, number, reason);
    }

    /// <summary>Takes every request and never answers.</summary>
    private sealed class FrozenClickHouse : HttpMessageHandler
    {
        private long firstAskedAt;

        public long FirstAskedAt => Interlocked.Read(ref firstAskedAt);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.CompareExchange(ref firstAskedAt, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 0);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException("Never reached: an endless wait ends by being cancelled.");
        }
    }
}
