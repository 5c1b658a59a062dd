using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Broker;
using Streaming.App.Hosting;
using Streaming.ClickHouse.Client;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Rules;
using Streaming.Engine.Tracing;
using Streaming.Kafka.Client;
using Streaming.Kafka.Reading;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.App;

/// <summary>A click's trace goes on through the pipeline to the reward it earned.</summary>
public sealed class ClickToRewardTests
{
    private const string Rules =
        """
        points:
          activities:
            - {name: checkin, event: checkin, points: 5}
        """;

    [Fact]
    public async Task The_trace_of_a_click_reaches_its_reward_and_is_not_stored_in_commits()
    {
        var trace = TraceHeader.New();
        using var spans = new Heard(trace.TraceId);
        await using var pipeline = await Pipeline.StartAsync(ratio: 0);
        await pipeline.ClickAsync("ann", trace);
        await pipeline.ClickAsync("bob", null);

        var sent = TraceHeader.Of(pipeline.Reward("ann").Headers)!.Value;
        Assert.Equal(trace.TraceId, sent.TraceId);
        Assert.Null(TraceHeader.Of(pipeline.Reward("bob").Headers));
        await Until.TrueAsync(() => spans.All.Any(s => s.SpanId == sent.SpanId));
        var way = spans.WayTo(sent.SpanId);
        Assert.Equal(["send", "commit", "apply", "read"], way.Select(s => s.OperationName));
        Assert.Equal(trace.SpanId, way[^1].ParentSpanId);
        Assert.Equal(("rewards", "clicks"), (Destination(way[0]), Destination(way[^1])));
        Assert.DoesNotContain(spans.All, s => s.TagObjects.Any(t => t.Value is "ann"));
        Assert.All(pipeline.Commits(), outputs =>
            Assert.Equal(-1, OutputCodec.Messages(outputs).IndexOf(Encoding.ASCII.GetBytes(Spans.TraceParent))));
    }

    [Fact]
    public async Task A_click_without_a_trace_starts_one_when_the_sampling_ratio_is_1()
    {
        using var listener = new Heard(null);
        await using var pipeline = await Pipeline.StartAsync(ratio: 1);
        await pipeline.ClickAsync("ann", null);
        var sent = TraceHeader.Of(pipeline.Reward("ann").Headers)!.Value;
        await Until.TrueAsync(() => listener.All.Any(s => s.SpanId == sent.SpanId));
        var way = listener.WayTo(sent.SpanId);
        Assert.Equal(["send", "commit", "apply", "read"], way.Select(s => s.OperationName));
        Assert.Equal(default, way[^1].ParentSpanId);
    }

    private static object? Destination(Activity span) => span.GetTagItem("messaging.destination.name");

    /// <summary>Ended spans of one trace, or of all.</summary>
    private sealed class Heard : IDisposable
    {
        private readonly ConcurrentQueue<Activity> ended = new();
        private readonly ActivityListener listener;

        public Heard(ActivityTraceId? trace)
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == Spans.SourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    if (trace is null || span.TraceId == trace) ended.Enqueue(span);
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public IReadOnlyCollection<Activity> All => ended;

        /// <summary>From this span up to the first of its trace that was made here.</summary>
        public List<Activity> WayTo(ActivitySpanId last)
        {
            var way = new List<Activity>();
            while (ended.FirstOrDefault(s => s.SpanId == last) is { } span)
            {
                way.Add(span);
                last = span.ParentSpanId;
            }

            return way;
        }

        public void Dispose() => listener.Dispose();
    }

    /// <summary>The host of one machine on a real broker; ClickHouse is away.</summary>
    private sealed class Pipeline : IAsyncDisposable
    {
        private readonly TemporaryDirectory folder = new();
        private readonly DataDirectory directory;
        private readonly SqliteStore store;
        private readonly EmbeddedKafka kafka;
        private readonly EmbeddedHost host;

        private Pipeline(EmbeddedKafka kafka, double ratio)
        {
            this.kafka = kafka;
            directory = DataDirectory.Open(folder.Path);
            store = SqliteStore.Open(directory);
            var settings = new HostSettings
            {
                Kafka = new KafkaSettings { Bootstrap = kafka.BootstrapServers },
                ClickHouse = new ClickHouseSettings { Url = "http://127.0.0.1:1" },
            };
            var hosted = new HostedStore(store, DirectoryIdentity.Of(directory, store.Facts, null), new RulesBook(store.Facts, Rules));
            var life = new BrokerLogIdentity(_ => Task.FromResult("one life"));
            var watch = new PartitionWatch(settings.Kafka, new InputTopics(""), life, store.Head, TimeProvider.System, NullLogger.Instance);
            host = new EmbeddedHost(settings, hosted, HostMode.Live, _ => new LiveSource(
                new KafkaSource(settings.Kafka, watch, settings.Commit, NullLogger.Instance), store.Head.Now, TimeProvider.System),
                NullLoggerFactory.Instance);
            host.Status.Sampling.Ratio = ratio;
            host.Start();
        }

        public static async Task<Pipeline> StartAsync(double ratio)
        {
            var topics = new InputTopics("").Names.Union(OutputTopics.Names(""), StringComparer.Ordinal);
            return new Pipeline(await EmbeddedKafka.StartAsync(KafkaKind.Mock, [.. topics.Select(t => new TopicSpec(t, 1))]), ratio);
        }

        public async Task ClickAsync(string member, ActivityContext? trace)
        {
            using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers })
                .Build();
            var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            await producer.ProduceAsync("clicks", TraceHeader.Message(member,
                $$"""{"id":"c-{{member}}","member":"{{member}}","at":{{at}},"kind":"checkin"}""", trace));
        }

        public Message<string, string> Reward(string member) => TraceHeader.First(kafka.BootstrapServers, "rewards", member);

        /// <summary>What each commit caused, as it stands in the store.</summary>
        public List<byte[]> Commits()
        {
            var all = store.OutputsAfter(0).Select(o => o.Outputs).ToList();
            Assert.NotEmpty(all);
            return all;
        }

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync(TimeSpan.FromSeconds(1));
            await host.DisposeAsync();
            store.Dispose();
            directory.Dispose();
            await kafka.DisposeAsync();
            folder.Dispose();
        }
    }
}
