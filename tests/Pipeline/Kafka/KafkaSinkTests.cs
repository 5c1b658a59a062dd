using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Engine.Batches;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;
using Streaming.Kafka.Sending;
using Streaming.Members.Snapshots;
using Streaming.Pipeline.Tests.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Kafka;

/// <summary>The sender of messages over a real store and a real client, whose broker is librdkafka's mock cluster, or an address without a
/// broker.</summary>
public sealed class KafkaSinkTests
{
    private static readonly Dictionary<string, string> Mock = new() { ["test.mock.num.brokers"] = "1" };

    [Fact]
    public async Task After_a_restart_everything_since_the_recorded_acknowledgement_is_sent_again_as_it_was()
    {
        using var place = new TemporaryStore();
        for (var n = 1; n <= 5; n++) place.Store.Commit(Commit(n, sent: Math.Min(n - 1, 2)));

        var sent = await SendAsync(place.Reopen(), until: 5);
        Assert.Equal(["3.1", "3.2", "4.1", "4.2", "5.1", "5.2"], sent);
    }

    [Fact]
    public async Task A_message_sent_again_on_request_stays_parked_until_the_broker_has_it()
    {
        using var place = new TemporaryStore();
        place.Store.Parked.Add(ParkedItem.Message, "rewards", "refused once", Messages("once more"));
        Assert.True(place.Store.Parked.Redrive(place.Store.Parked.List(1)[0].Id));

        using (var nobody = Sink(place.Store, new KafkaSettings { Bootstrap = "127.0.0.1:1" }, out var tried))
        {
            await Until.TrueAsync(() => !tried.IsEmpty);
            Assert.Equal(0, nobody.Delivered);
        }

        Assert.Single(place.Store.Parked.ToRedrive(ParkedItem.Message));
        using var sink = Sink(place.Store, new KafkaSettings { Bootstrap = "127.0.0.1:1", Client = Mock }, out var sent);
        await Until.TrueAsync(() => place.Store.Parked.ToRedrive(ParkedItem.Message).Count == 0);
        Assert.Equal(["once more"], sent);
        Assert.Equal(1, sink.Delivered);
    }

    [Fact]
    public async Task A_parked_message_is_sent_to_the_topic_that_refused_it_and_to_no_other()
    {
        using var place = new TemporaryStore();
        foreach (var (topic, value) in new[] { ("replay.7.1.rewards", "of another"), ("rewards", "mine") })
        {
            place.Store.Parked.Add(ParkedItem.Message, topic, "refused once", Messages(value));
            Assert.True(place.Store.Parked.Redrive(place.Store.Parked.List(1)[0].Id));
        }

        place.Store.Commit(Commit(1, sent: 0));
        var sent = await SendAsync(place.Reopen(), until: 1);
        Assert.Equal(["mine", "1.1", "1.2"], sent);
        await Until.TrueAsync(() => place.Store.Parked.ToRedrive(ParkedItem.Message).Count == 1);
        Assert.Equal("replay.7.1.rewards", place.Store.Parked.ToRedrive(ParkedItem.Message)[0].Target);
    }

    [Fact]
    public async Task A_commit_that_cannot_be_read_is_retried_and_later_commits_follow()
    {
        using var place = new TemporaryStore();
        for (var n = 1; n <= 3; n++) place.Store.Commit(Commit(n, sent: 0));
        var flaky = new OutboxFailingOnce(place.Reopen(), commit: 2);
        using var sink = Sink(flaky, new KafkaSettings { Bootstrap = "127.0.0.1:1", Client = Mock }, out var sent);

        await Until.TrueAsync(() => sink.Sent >= 3);
        Assert.Equal(["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"], sent);
        Assert.Equal(6, sink.Delivered);
        Assert.True(flaky.Failed);
    }

    [Fact]
    public async Task A_store_that_is_damaged_ends_the_sender_and_the_host_is_told()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(Commit(1, sent: 0, size: Journal.Threshold));
        var file = Assert.Single(Directory.GetFiles(place.Path, "journal-*"));
        using (var damage = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) damage.Write("damage"u8);

        using var sink = Sink(place.Reopen(), new KafkaSettings { Bootstrap = "127.0.0.1:1", Client = Mock }, out var sent,
            out var fault);
        var told = Assert.IsType<StoreException>(await fault.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("damaged", told.Message, StringComparison.Ordinal);
        Assert.Empty(sent);
    }

    [Fact]
    public async Task Messages_to_be_sent_again_are_sent_by_the_next_producer_when_the_first_has_failed_among_them()
    {
        using var place = new TemporaryStore();
        var tooLarge = new string('x', TopicSetup.DeadLetterBytes + 1);
        foreach (var value in new[] { tooLarge, "once more" })
        {
            place.Store.Parked.Add(ParkedItem.Message, "rewards", "refused once", Messages(value));
            Assert.True(place.Store.Parked.Redrive(place.Store.Parked.List(1)[0].Id));
        }

        place.Store.Commit(Commit(1, sent: 0));
        var full = new FullOnce(place.Reopen());
        using var sink = Sink(full, new KafkaSettings { Bootstrap = "127.0.0.1:1", Client = Mock }, out _);
        await Until.TrueAsync(() => sink.Sent == 1 && place.Store.Parked.ToRedrive(ParkedItem.Message).Count == 0);
        Assert.True(full.Refused);
        Assert.Equal(3, sink.Delivered);
        Assert.Single(place.Store.Parked.List(10)); // the one that no broker takes
    }

    private static async Task<IEnumerable<string>> SendAsync(SqliteStore store, long until)
    {
        using var sink = Sink(store, new KafkaSettings { Bootstrap = "127.0.0.1:1", Client = Mock }, out var sent);
        await Until.TrueAsync(() => sink.Sent >= until);
        return sent;
    }

    private static KafkaSink Sink(IOutbox store, KafkaSettings settings, out ConcurrentQueue<string> sent) =>
        Sink(store, settings, out sent, out _);

    private static KafkaSink Sink(IOutbox store, KafkaSettings settings, out ConcurrentQueue<string> sent, out Task<Exception> fault)
    {
        var told = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        fault = told.Task;
        KafkaNative.Load();
        var seen = sent = new ConcurrentQueue<string>();
        var sink = new KafkaSink(store, settings, "", NullLogger.Instance)
        {
            Fault = told.SetResult,
            Sending = (_, value) => seen.Enqueue(Encoding.UTF8.GetString(value)),
        };
        sink.Start();
        return sink;
    }

    private static CommitRecord Commit(long number, long sent, int size = 1)
    {
        var batch = new Batch(2) { Rules = RulesLoader.Load("{}").Rules! };
        for (var shard = 0; shard < 2; shard++) batch.Results[shard].Messages.Write(Messages($"{number}.{shard + 1}"));
        return new CommitRecord
        {
            Number = number,
            Now = number,
            Sequence = new byte[size],
            Outputs = OutputCodec.Encode(batch.Results, default, new SnapshotWriter()),
            Positions = [],
            Snapshots = [],
            Blocks = [],
            Progress = new Progress(0, sent, 0),
        };
    }

    private static byte[] Messages(string value) => TestMessages.Reward(value);
}
