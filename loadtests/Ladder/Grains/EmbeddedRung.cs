using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Hosting;
using Streaming.ClickHouse.Client;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Rules;
using Streaming.Engine.Sources;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;
using Streaming.Loadtests.Ladder.Measuring;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.Loadtests.Ladder.Grains;

/// <summary>The embedded host with its store on disk; its messages go to the client's own mock cluster, ClickHouse is away.</summary>
internal static class EmbeddedRung
{
    public static async Task<RungResult> RunAsync(string name, MemoryInputs inputs, string folder)
    {
        var data = Path.Combine(folder, "embedded");
        try
        {
            using var directory = DataDirectory.Open(data);
            using var store = SqliteStore.Open(directory);
            var identity = DirectoryIdentity.Of(directory, store.Facts, null);
            var settings = new HostSettings
            {
                Kafka = new KafkaSettings
                {
                    Bootstrap = "127.0.0.1:1",
                    Client = new Dictionary<string, string> { ["test.mock.num.brokers"] = "1" },
                },
                ClickHouse = new ClickHouseSettings { Url = "http://127.0.0.1:1" },
            };
            var hosted = new HostedStore(store, identity, new RulesBook(store.Facts, "{}"));
            await using var host = new EmbeddedHost(settings, hosted, HostMode.Live, _ => new MemorySource(inputs),
                NullLoggerFactory.Instance);
            var meter = new Meter();
            host.Start();
            while (host.Status.Applied().Values.Sum() < inputs.Events && !host.Ended.IsCompleted) await Task.Delay(5);
            var result = meter.Stop(name, host.Status.Applied().Values.Sum(), $"{host.Durable:N0} commits");
            await host.StopAsync(TimeSpan.FromSeconds(1));
            return result;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>Gives one batch of each partition after the other.</summary>
    private sealed class MemorySource(MemoryInputs inputs) : IBatchSource
    {
        private readonly int[] next = new int[inputs.Partitions.Count];
        private int turn;

        public SourceStatus Status { get; } = new();

        public void Fill(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop)
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            for (var looked = 0; looked < next.Length && batch.Records.Count == 0; looked++, turn++)
            {
                var at = turn % next.Length;
                var records = inputs.Partitions[at];
                var until = Math.Min(next[at] + MemoryInputs.Batch, records.Count);
                for (; next[at] < until; next[at]++) Add(batch, records[next[at]]);
                if (batch.Records.Count > 0)
                {
                    batch.Positions.Add(new PartitionPosition(records[0].Topic.ToString(), records[0].Partition, "cost", until));
                }
            }

            if (batch.Records.Count == 0) stop.WaitHandle.WaitOne(wait);
            batch.Segments.Add(new Segment(batch.Records.Count, now, long.MinValue));
        }

        public void Hold(TimeSpan time) => Thread.Sleep(time);

        public void Dispose()
        {
        }

        private static void Add(Batch batch, in InputRecord record)
        {
            var room = batch.Reserve(record.KeyLength + record.ValueLength, out var start);
            record.Key.CopyTo(room);
            record.Value.CopyTo(room[record.KeyLength..]);
            batch.Add(record.Topic, record.Partition, record.Offset, record.Timestamp, (start, record.KeyLength),
                (start + record.KeyLength, record.ValueLength), (0, 0));
        }
    }
}
