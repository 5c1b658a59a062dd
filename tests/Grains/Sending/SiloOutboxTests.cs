using Microsoft.Extensions.Logging.Abstractions;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Batches;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.Grains.Tests.Storage;
using Streaming.Kafka.Client;
using Streaming.Members.Snapshots;
using Streaming.Silo.Sending;

namespace Streaming.Grains.Tests.Sending;

/// <summary>A silo takes an outbox and gives it back, also when the database is away meanwhile.</summary>
public sealed class SiloOutboxTests : IDisposable
{
    private readonly HostStatus status = new();
    private readonly FailingOutboxes outboxes = new(new MemoryClusterStore(4, TimeProvider.System));

    public void Dispose() => status.Dispose();

    [Fact]
    public async Task An_outbox_that_cannot_be_opened_is_given_back()
    {
        outboxes.OpeningFails = true;
        await Assert.ThrowsAsync<StoreException>(ClaimAsync);

        Assert.Equal("w1", (await outboxes.ClaimAsync("another", TimeSpan.FromMinutes(5), default)).Writer);
    }

    [Fact]
    public async Task An_outbox_is_given_back_although_the_database_does_not_take_how_far_it_is_sent()
    {
        var outbox = await ClaimAsync();
        var nothing = OutputCodec.Encode([], default, new SnapshotWriter());
        outbox.Landed(OpenedStore.Commit(outbox.Senders.Outbox.Lease, 1, outputs: nothing), [], default);
        outboxes.RecordingFails = true;

        await outbox.StopAsync(TimeSpan.Zero);

        Assert.True(outboxes.WasAskedToRecord);
        Assert.Throws<ObjectDisposedException>(() => outbox.Senders.Lost.Token);
        Assert.Equal("w1", (await outboxes.ClaimAsync("another", TimeSpan.FromMinutes(5), default)).Writer);
    }

    [Fact]
    public async Task A_stop_comes_to_its_end_although_the_outbox_cannot_be_given_back()
    {
        var outbox = await ClaimAsync();
        outboxes.ReleasingFails = true;

        await outbox.StopAsync(TimeSpan.Zero);

        Assert.Equal("w2", (await outboxes.ClaimAsync("another", TimeSpan.FromMinutes(5), default)).Writer);
    }

    private Task<SiloOutbox> ClaimAsync()
    {
        KafkaNative.Load();
        return SiloOutbox.ClaimAsync(new OutboxSenderParts
        {
            Outboxes = outboxes,
            Settings = new SiloOutboxSettings { Lease = TimeSpan.FromMinutes(5) },
            Kafka = new KafkaSettings { Bootstrap = "127.0.0.1:1", Client = new() { ["test.mock.num.brokers"] = "1" } },
            ClickHouse = new ClickHouseSettings { Url = "http://127.0.0.1:1" },
            Sender = new SenderSettings(),
            Blocks = new BlockSettings(),
            Generation = 1,
            Prepare = (_, cancel) => Task.Delay(Timeout.Infinite, cancel),
            Sending = (_, _) => { },
            Metrics = status.Metrics,
            Logs = NullLoggerFactory.Instance,
        }, "a test", status, default);
    }

    /// <summary>Outboxes in memory whose database is away for what a test says.</summary>
    private sealed class FailingOutboxes(MemoryClusterStore store) : IOutboxes, IOutboxRows
    {
        private IOutboxRows? rows;

        public bool OpeningFails { get; set; }

        public bool RecordingFails { get; set; }

        public bool ReleasingFails { get; set; }

        public bool WasAskedToRecord { get; private set; }

        public IParkedItems Parked => rows!.Parked;

        public Task<OutboxLease> ClaimAsync(string owner, TimeSpan length, CancellationToken cancel) =>
            store.Outboxes.ClaimAsync(owner, length, cancel);

        public Task<OutboxLease?> AdoptAsync(string owner, TimeSpan length, CancellationToken cancel) =>
            store.Outboxes.AdoptAsync(owner, length, cancel);

        public Task<bool> RenewAsync(OutboxLease lease, TimeSpan length, CancellationToken cancel) =>
            store.Outboxes.RenewAsync(lease, length, cancel);

        public Task ReleaseAsync(OutboxLease lease, CancellationToken cancel) =>
            ReleasingFails ? throw Away() : store.Outboxes.ReleaseAsync(lease, cancel);

        public Task<OutboxState> StateAsync(OutboxLease lease, CancellationToken cancel) =>
            OpeningFails ? throw Away() : store.Outboxes.StateAsync(lease, cancel);

        public IOutboxRows RowsOf(OutboxLease lease)
        {
            rows = store.Outboxes.RowsOf(lease);
            return this;
        }

        public IEnumerable<StoredOutputs> OutputsAfter(long number) => rows!.OutputsAfter(number);

        public byte[]? Outputs(long number) => rows!.Outputs(number);

        public byte[]? Block(string table, long number) => rows!.Block(table, number);

        public void Passed(Progress progress)
        {
            WasAskedToRecord = true;
            if (RecordingFails) throw Away();
            rows!.Passed(progress);
        }

        public void Delivered(string table, long upTo) => rows!.Delivered(table, upTo);

        public int Park(string table, long number, string reason) => rows!.Park(table, number, reason);

        private static StoreException Away() => new("the database is away", true);
    }
}
