using System.Globalization;
using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Native;
using Streaming.Engine.Storing;

namespace Streaming.ClickHouse.Sending;

/// <summary>Carries formed blocks to ClickHouse: each exactly once, each table's in order, one at a time.</summary>
/// <remarks>
/// Delivery: exactly once. A block's rows carry its number, and a writer's numbers land in order, so the highest number in a table tells
/// what has landed. After any doubt (start, time-out, broken connection, error) that number is read back before anything is sent again, and
/// not before an insert that may still be running has ended. In a cluster the replica asked first catches up with what any other took, and
/// the block's token keeps an insert that some other replica is still working on from landing beside its repeat. Failure: retried for ever
/// with growing delays, table by table; a block that ClickHouse refuses because of its content is parked, and the next block is sent.
/// Bounded: one block's bytes in memory. The outbox is called by this sender's loop alone.
/// </remarks>
public sealed class BlockSender
{
    private readonly IBlockOutbox outbox;
    private readonly ClickHouseClient client;
    private readonly WriterIdentity writer;
    private readonly SenderSettings settings;
    private readonly ILogger log;
    private readonly TimeProvider clock;
    private readonly string markedWriter;
    private readonly Lane[] lanes;
    private volatile TaskCompletionSource news = NewSignal();
    private volatile SenderState state = SenderState.Start;

    /// <summary>A sender for all of a writer's tables.</summary>
    public BlockSender(IBlockOutbox outbox, ClickHouseClient client, WriterIdentity writer, SenderSettings settings,
        ILogger<BlockSender> log, TimeProvider? clock = null)
    {
        this.outbox = outbox;
        this.client = client;
        this.writer = writer;
        this.settings = settings;
        this.log = log;
        this.clock = clock ?? TimeProvider.System;
        markedWriter = Uri.EscapeDataString(writer.Writer);
        lanes = [.. BlockBuilder.TableNames.Select(table => new Lane(table))];
    }

    /// <summary>The state of delivery. Safe from any thread.</summary>
    public SenderState State => state;

    /// <summary>Called with the time from forming to landing of each block. Set before <see cref="RunAsync"/>.</summary>
    public Action<TimeSpan>? Took { get; set; }

    /// <summary>New blocks are in the outbox. Safe from any thread.</summary>
    public void Notify() => news.TrySetResult();

    /// <summary>Delivers until stopped. Ends with an exception only when the outbox itself fails.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var signal = news = NewSignal(); // before looking, so that what comes while looking is not missed
                var moved = false;
                foreach (var lane in lanes)
                {
                    if (lane.RestUntil <= Now) moved |= await TryAsync(lane, stop);
                }

                if (!moved) await Task.WhenAny(signal.Task, Task.Delay(Rest(), clock, stop));
                stop.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // asked to stop: what was in flight is read back at the next start
        }
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Until the first lane that rests may try again; for ever when none does.</summary>
    private TimeSpan Rest()
    {
        var first = lanes.Min(l => l.RestUntil == 0 ? long.MaxValue : l.RestUntil);
        return first == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(1, first - Now));
    }

    /// <summary>Sends the lane's next block; true when there may be more.</summary>
    private async Task<bool> TryAsync(Lane lane, CancellationToken stop)
    {
        lane.RestUntil = 0;
        var pending = outbox.Pending(lane.Table, 1);
        if (pending.Count == 0)
        {
            Recovered(lane);
            return false;
        }

        var block = pending[0];
        var began = Now;
        try
        {
            if (lane.InDoubt && !await ResolveAsync(lane, block, stop)) return true;
            var bytes = outbox.Read(lane.Table, block.Number);
            lane.InDoubt = true;
            await client.InsertAsync(lane.Table, bytes, Mark(lane, block.Number), stop);
            outbox.Delivered(lane.Table, block.Number);
            // cleared only here: if removing a landed block from the outbox fails, the next try looks for it in ClickHouse first
            lane.InDoubt = false;
            var delay = Now - NativeBlock.FormedAt(bytes);
            Landed(block.Rows, 1, delay);
            Took?.Invoke(TimeSpan.FromMilliseconds(Math.Max(0, delay)));
            Recovered(lane);
            return true;
        }
        catch (ClickHouseException e)
        {
            return Failed(lane, block, e, began);
        }
    }

    /// <summary>Finds out what has landed. False when that was the pending block: look at the outbox again.</summary>
    private async Task<bool> ResolveAsync(Lane lane, PendingBlock next, CancellationToken stop)
    {
        var parameters = new Dictionary<string, string>
        {
            ["generation"] = writer.Generation.ToString(CultureInfo.InvariantCulture),
            ["writer"] = writer.Writer,
            ["insert"] = Mark(lane, next.Number),
        };
        var running = await client.QueryAsync("SELECT count() FROM system.processes WHERE query_kind = 'Insert' AND position(query, " +
            "{insert:String}) > 0", parameters, stop: stop);
        if (running.Trim() != "0")
            throw new ClickHouseException(Fault.Server, 0, $"ClickHouse is still working on block {next.Number} of {lane.Table}; it is " +
                $"not sent again before that ends.");

        // A block that another replica took is visible here once this replica has followed Keeper's log that far.
        if (client.Cluster.Length > 0) await client.QueryAsync($"SYSTEM SYNC REPLICA {lane.Table} LIGHTWEIGHT", stop: stop);
        var answer = await client.QueryAsync(
            $"SELECT max(seq) FROM {lane.Table} WHERE generation = {{generation:UInt64}} AND writer = {{writer:String}}", parameters,
                stop: stop);
        var landed = long.Parse(answer.Trim(), CultureInfo.InvariantCulture);
        if (landed < next.Number - 1) log.BlocksMissing(lane.Table, landed, next.Number);
        if (landed < next.Number)
        {
            lane.InDoubt = false;
            return true;
        }

        var there = outbox.Pending(lane.Table, int.MaxValue).Where(b => b.Number <= landed).ToList();
        outbox.Delivered(lane.Table, landed);
        lane.InDoubt = false; // only now, as above: while it cannot be struck from the outbox it would be sent again
        Landed(there.Sum(b => b.Rows), there.Count, state.LandingDelay);
        return false;
    }

    private bool Failed(Lane lane, PendingBlock block, ClickHouseException e, long began)
    {
        lane.Refusals = e.IsRetryable ? 0 : lane.Refusals + 1;
        if (lane.Refusals >= settings.ParkAfter)
        {
            log.BlockParked(block.Number, lane.Table, block.Rows, lane.Refusals, e.Message);
            var forgotten = outbox.Park(lane.Table, block.Number, e.Message);
            if (forgotten > 0) log.ParkedForgotten(forgotten);
            state = state with { ParkedBlocks = state.ParkedBlocks + 1, LastError = e.Message };
            Recovered(lane);
            return true;
        }

        var delay = settings.DelayAfter(++lane.Failures);
        lane.RestUntil = Now + (long)delay.TotalMilliseconds;
        if (e.Whose == Fault.Network)
        {
            // the other tables would fail for the same reason
            foreach (var other in lanes) other.RestUntil = Math.Max(other.RestUntil, lane.RestUntil);
        }

        // from the start of the request, not from its time-out: a frozen server counts as away from the first unanswered request
        lane.FailingSince ??= began;
        if (lane.Failures == 1) log.BlockFailed(block.Number, lane.Table, delay.TotalMilliseconds, e.Message);
        state = state with { FailingSince = lanes.Min(l => l.FailingSince), LastError = e.Message };
        return false;
    }

    private void Recovered(Lane lane)
    {
        lane.Refusals = 0;
        if (lane.Failures == 0) return;
        log.TableRecovered(lane.Table, lane.Failures);
        lane.Failures = 0;
        lane.FailingSince = null;
        state = state with { FailingSince = lanes.Min(l => l.FailingSince) };
    }

    private void Landed(int rows, int blocks, long delay) => state = state with
    {
        LastSuccess = Now,
        DeliveredRows = state.DeliveredRows + rows,
        DeliveredBlocks = state.DeliveredBlocks + blocks,
        LandingDelay = delay,
    };

    /// <summary>Names a block's insert among the server's running queries.</summary>
    private string Mark(Lane lane, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"block {writer.Generation} {markedWriter} {lane.Table} {number}.");

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Lane(string table)
    {
        public readonly string Table = table;
        public bool InDoubt = true;
        public int Failures, Refusals;
        public long RestUntil;
        public long? FailingSince;
    }
}
