using Confluent.Kafka;
using Streaming.App.Broker;
using Streaming.Kafka.Client;
using Streaming.Loadtests.Common.Installations;
using Streaming.Loadtests.Load.Commands;
using Streaming.Loadtests.Load.Runs;
using Streaming.TestKit;

namespace Streaming.Loadtests.Tests;

/// <summary>A run on somebody's Kafka and ClickHouse leaves them as it found them, however it ends.</summary>
public class OwnInstallationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_removes_its_topics_database_and_folder_and_nothing_else(bool interrupted)
    {
        Skip.If(KafkaKinds.Home is null, "KAFKA_HOME is not set: the embedded mock cluster cannot delete topics.");
        await using var kafka = await EmbeddedKafka.StartAsync(KafkaKind.Apache, new TopicSpec("purchases", 2), new TopicSpec("rewards", 1),
            new TopicSpec("load-of-theirs", 1));
        await using var clickhouse = await EmbeddedClickHouse.StartAsync();
        using var folder = new TemporaryDirectory();
        await clickhouse.QueryAsync("CREATE DATABASE engagement");
        await clickhouse.QueryAsync("CREATE TABLE engagement.activity (n UInt64) ENGINE = MergeTree ORDER BY n");
        var before = await HeldAsync(kafka, clickhouse);
        using var stop = new CancellationTokenSource();
        await using (var own = await OwnInstallation.StartAsync(new OwnInstallationOptions(folder.Path, kafka.BootstrapServers,
            clickhouse.Url.ToString()), CancellationToken.None))
        {
            Assert.NotEqual(before, await HeldAsync(kafka, clickhouse));
            var workload = new Workload { Members = 50, Complaints = 0,
                Phases = [new Phase { Seconds = interrupted ? 600 : 3, Rate = 50 }] };
            var run = Task.Run(() => LoadRun.RunAsync("own", workload, own.Endpoints, Patience, stop.Token));
            if (interrupted)
            {
                await Until.TrueAsync(async () => run.IsCompleted || await clickhouse.QueryAsync(
                    $"SELECT sum(rows) > 0 FROM system.parts WHERE database = '{own.Database}' AND table = 'activity_rows'") == "1",
                    Patience);
                await stop.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
                for (var moment = 0; moment < 20; moment++) await InterruptedAsync(own.Endpoints, moment);
            }
            else
            {
                var result = (await run).Result;
                Assert.True(result.Exact, string.Join('\n', result.Differences));
                Assert.Equal(150, result.Events);
            }
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        // brokers tell of a removed topic a moment later
        await Until.TrueAsync(() => Task.FromResult(RunLeftovers.Topics(kafka.BootstrapServers).Count == 0), Patience);
        Assert.Equal(before, await HeldAsync(kafka, clickhouse));
    }

    /// <summary>At whatever moment a run is interrupted, no thread is left in a client
    /// that is let go: librdkafka would end the process.</summary>
    private static async Task InterruptedAsync(Endpoints where, int moment)
    {
        using var stop = new CancellationTokenSource();
        var workload = new Workload { Members = 50, Complaints = 0, Phases = [new Phase { Seconds = 600, Rate = 5_000 }] };
        var run = Task.Run(() => LoadRun.RunAsync("interrupted", workload, where, Patience, stop.Token));
        stop.CancelAfter(TimeSpan.FromMilliseconds(300 + (moment * 17)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [SkippableFact]
    public async Task Clear_removes_only_the_named_run()
    {
        Skip.If(KafkaKinds.Home is null, "KAFKA_HOME is not set: the embedded mock cluster cannot delete topics.");
        const string Dead = "19a0b1c2d3e", Alive = "19a0b1c2d3f";
        TopicSpec[] theirs = [new("load-of-theirs", 1), new($"load-{Dead}.theirs", 1), new($"load-{Alive}.clicks", 1), new("clicks", 1)];
        await using var kafka = await EmbeddedKafka.StartAsync(KafkaKind.Apache,
            [.. theirs, new($"load-{Dead}.clicks", 1), new($"load-{Dead}.member-changes", 1)]);
        await using var clickhouse = await EmbeddedClickHouse.StartAsync();
        using var folder = new TemporaryDirectory();
        Directory.CreateDirectory(Path.Combine(folder.Path, $"load-{Dead}", "kafka"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "load-of-theirs"));
        await clickhouse.QueryAsync($"CREATE DATABASE load_{Dead}");
        await clickhouse.QueryAsync($"CREATE DATABASE load_{Alive}");
        await clickhouse.QueryAsync("CREATE DATABASE load_theirs");
        string[] where = ["--kafka", kafka.BootstrapServers, "--clickhouse", clickhouse.Url.ToString(), "--folder", folder.Path];

        Assert.Equal(0, await LoadCommand.RunAsync(["clear", .. where]));
        Assert.Equal(2, await LoadCommand.RunAsync(["clear", "19a0b1c2d40", .. where]));
        Assert.Equal([Dead, Dead, Alive], RunLeftovers.Topics(kafka.BootstrapServers).Select(t => t.Run));
        Assert.Equal(0, await LoadCommand.RunAsync(["clear", Dead, .. where]));

        // brokers tell of a removed topic a moment later
        await Until.TrueAsync(() => Task.FromResult(RunLeftovers.Topics(kafka.BootstrapServers).All(t => t.Run != Dead)), Patience);
        using var admin = new AdminClientBuilder(new KafkaSettings { Bootstrap = kafka.BootstrapServers }.Admin()).Build();
        Assert.Equal(theirs.Select(t => t.Name).Order(), admin.GetMetadata(Patience).Topics.Select(t => t.Topic).Order());
        Assert.Equal([(Alive, $"load_{Alive}")], await RunLeftovers.DatabasesAsync(clickhouse.Url.ToString()));
        Assert.Equal("1", await clickhouse.QueryAsync("SELECT count() FROM system.databases WHERE name = 'load_theirs'"));
        Assert.Equal(["load-of-theirs"], Directory.EnumerateDirectories(folder.Path).Select(Path.GetFileName));
    }

    /// <summary>Topics with their ends, consumer groups, databases with their tables.</summary>
    private static async Task<IReadOnlyList<string>> HeldAsync(EmbeddedKafka kafka, EmbeddedClickHouse clickhouse)
    {
        var settings = new KafkaSettings { Bootstrap = kafka.BootstrapServers, Group = "looks-on" };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(settings.Consumer()).Build();
        using var admin = new AdminClientBuilder(settings.Admin()).Build();
        var topics = admin.GetMetadata(Patience).Topics.Where(t => !t.Topic.StartsWith("__", StringComparison.Ordinal))
            .SelectMany(t => t.Partitions.Select(p => $"{t.Topic}/{p.PartitionId} to " +
            $"{consumer.QueryWatermarkOffsets(new TopicPartition(t.Topic, p.PartitionId), Patience).High}"));
        var groups = (await GroupsAsync(admin)).Select(g => $"group {g}");
        var tables = (await clickhouse.QueryAsync("SELECT database || '.' || name FROM system.tables WHERE database NOT IN ('system', " +
            "'INFORMATION_SCHEMA', 'information_schema')")).Split('\n');
        var databases = (await clickhouse.QueryAsync("SELECT name FROM system.databases")).Split('\n');
        return [.. topics.Concat(groups).Concat(tables).Concat(databases).Order(StringComparer.Ordinal)];
    }

    /// <summary>A broker that has just started refuses the question while it loads its groups.</summary>
    /// <remarks>Not by <c>ListConsumerGroupsAsync</c>: of such a refusal Confluent.Kafka 2.15.1 frees the error, which librdkafka frees
    /// with the answer, and the process ends.</remarks>
    private static async Task<IReadOnlyList<string>> GroupsAsync(IAdminClient admin)
    {
        IReadOnlyList<string> groups = [];
        await Until.TrueAsync(() =>
        {
            try
            {
                groups = [.. admin.ListGroups(Patience).Select(g => g.Group)];
                return true;
            }
            catch (KafkaException e) when (e.Error.IsBrokerError)
            {
                return false;
            }
        });
        return groups;
    }
}
