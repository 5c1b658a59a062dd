using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Commits;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;
using Streaming.Kafka.Reading;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Replay.Feeding;
using Streaming.Replay.Running;

namespace Streaming.Pipeline.Tests.Replay;

/// <summary>The source of a replay while the broker is away.</summary>
public sealed class ReplaySourceTests
{
    [Fact]
    public void A_stop_while_rows_wait_for_the_broker_ends_with_an_empty_batch()
    {
        KafkaNative.Load();
        using var stop = new CancellationTokenSource();
        using var source = new ReplaySource(
            new ReplayTopics(new KafkaSettings { Bootstrap = "127.0.0.1:1" }, new InputTopics("replay.1.1."),
                new BrokerLogIdentity(_ => Task.FromResult("one life")), NullLogger.Instance),
            new Idle(), Rows(), 0, new ReplayPace(0, TimeProvider.System));
        var batch = new Batch(1) { Rules = new RuleSet() };
        source.Fill(batch, TimeSpan.Zero, long.MaxValue, stop.Token);
        Assert.Empty(batch.Records);
        Assert.Empty(batch.Positions);
        Assert.Single(batch.Segments);

        IEnumerable<ReplayRow> Rows()
        {
            yield return new ReplayRow(0, 1, Topic.Clicks, "ann"u8.ToArray(), "{}"u8.ToArray(), 1_000, null);
            stop.Cancel(); // the first row is with the producer, whose broker is not there
        }
    }

    private sealed class Idle : ICommitProgress
    {
        public StoreHead Head { get; } = new();

        public long LastPosted => 0;

        public long Durable => 0;

        public long Sent => 0;

        public ConcurrentDictionary<int, long> SignalEnds { get; } = new();

        public void WaitForProgress(TimeSpan most)
        {
        }
    }
}
