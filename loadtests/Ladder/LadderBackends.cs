using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Broker;
using Streaming.ClickHouse.Client;
using Streaming.Common.CommandLine;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Kafka.Client;
using Streaming.Kafka.Reading;
using Streaming.Loadtests.Common.Installations;
using Streaming.Loadtests.Ladder.Rungs;

namespace Streaming.Loadtests.Ladder;

/// <summary>The broker and ClickHouse of one run, with topics and a database of its own, which are removed at the end.</summary>
internal sealed class LadderBackends : IAsyncDisposable
{
    private EmbeddedBroker? broker;
    private ClickHouseOfRun? clickhouse;
    private IAdminClient? admin;
    private bool made;

    private LadderBackends(string prefix) => Prefix = prefix;

    /// <summary>What the names of all topics of the run begin with.</summary>
    public string Prefix { get; }

    /// <summary>Bootstrap servers.</summary>
    public string Kafka { get; private set; } = "";

    /// <summary>ClickHouse: its address, and who may use it.</summary>
    public ClickHouseSettings ClickHouse => clickhouse!.Settings;

    /// <summary>Starts what is not given and makes the topics.</summary>
    /// <exception cref="CommandException">There is no Apache Kafka, or the broker is the mock cluster.</exception>
    public static async Task<LadderBackends> StartAsync(LadderOptions options, string folder, string prefix, CancellationToken stop)
    {
        KafkaNative.Load();
        var backends = new LadderBackends(prefix);
        try
        {
            if (options.ClickHouse is { } url) await ExistingClickHouse.ReachAsync(url, stop);
            // checked first, so that no ClickHouse is started in vain
            if (options.Kafka is { } given) await ExistingKafka.ReachAsync(given, stop);
            backends.Kafka = options.Kafka ?? await backends.StartBrokerAsync(folder, stop);
            backends.clickhouse = await ClickHouseOfRun.StartAsync(options.ClickHouse, Path.Combine(folder, "clickhouse"),
                RungContext.Database(prefix), stop);
            var admin = backends.admin = new AdminClientBuilder((await ExistingKafka.ReachAsync(backends.Kafka, stop)).Admin())
                .SetLogHandler((_, _) => { }).Build();
            await RefuseMockAsync(admin, backends, stop);
            await TopicSetup.EnsureAsync(admin, backends.Topics(), options.Partitions);
            backends.made = true;
            return backends;
        }
        catch
        {
            await backends.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (broker is null && made) await admin!.DeleteTopicsAsync(Topics());
        admin?.Dispose();
        if (broker is not null) await broker.DisposeAsync();
        if (clickhouse is not null) await clickhouse.DisposeAsync();
    }

    private List<string> Topics() =>
        [.. new InputTopics(Prefix).Names.Union(OutputTopics.Names(Prefix), StringComparer.Ordinal)];

    private async Task<string> StartBrokerAsync(string folder, CancellationToken stop)
    {
        var options = new EmbeddedBrokerOptions { DataDirectory = folder };
        if (options.KafkaHome is null)
        {
            throw new CommandException("There is no Apache Kafka to measure against: set KAFKA_HOME to a distribution, or give --kafka " +
                "HOST:PORT. The embedded mock cluster keeps 5 MB per partition and would measure itself.", 2);
        }

        broker = new EmbeddedBroker(options, NullLogger<EmbeddedBroker>.Instance);
        await broker.StartAsync(stop);
        return broker.BootstrapServers;
    }

    /// <summary>Asked for the id of a topic that is not there, Apache Kafka (since 2.8)
    /// says so; the mock cluster knows no ids at all.</summary>
    private static async Task RefuseMockAsync(IAdminClient admin, LadderBackends backends, CancellationToken stop)
    {
        try
        {
            await new BrokerTopicIdentity(admin).ReadAsync([backends.Prefix + "clicks"], stop);
        }
        catch (DescribeTopicsException)
        {
            return;
        }
        catch (KafkaException e) when (e.Error.Code == ErrorCode.Local_TimedOut)
        {
            // the mock cluster has no controller to ask
            throw NotToBeMeasured(backends.Kafka, "it is the embedded mock cluster, or cannot be reached");
        }

        throw NotToBeMeasured(backends.Kafka, "it has no topic ids");
    }

    private static CommandException NotToBeMeasured(string kafka, string why) =>
        new($"The broker at {kafka} cannot be measured against: {why}. Give --kafka an Apache Kafka, or set KAFKA_HOME; the mock cluster " +
            $"keeps 5 MB per partition and would measure itself.", 2);
}
