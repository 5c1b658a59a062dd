using Npgsql;
using Streaming.App.Broker;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Grains.Tests.Storage;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Faults;

/// <summary>What silos share: Apache Kafka, PostgreSQL and ClickHouse, all of the test's own.</summary>
public sealed class ClusterParts : IAsyncDisposable
{
    private const int Partitions = 6;

    private ClusterParts(EmbeddedKafka kafka, PostgresServer database, EmbeddedClickHouse clickhouse, string connection) =>
        (Kafka, Database, ClickHouse, Connection) = (kafka, database, clickhouse, connection);

    /// <summary>Why the cluster cannot be started on this machine; null when it can.</summary>
    public static string? Missing =>
        PostgresServer.Missing ?? SiloProcess.Missing ?? (KafkaKinds.Home is null ? "KAFKA_HOME names no Apache Kafka" : null);

    /// <summary>The broker.</summary>
    public EmbeddedKafka Kafka { get; }

    /// <summary>The database server.</summary>
    public PostgresServer Database { get; }

    /// <summary>ClickHouse.</summary>
    public EmbeddedClickHouse ClickHouse { get; }

    /// <summary>Connection string of the cluster's database.</summary>
    public string Connection { get; }

    /// <summary>Starts all three.</summary>
    public static async Task<ClusterParts> StartAsync()
    {
        var topics = new InputTopics("").Names.Union(OutputTopics.Names(""), StringComparer.Ordinal)
            .Select(t => new TopicSpec(t, Partitions));
        var kafka = EmbeddedKafka.StartAsync(KafkaKind.Apache, [.. topics]);
        var database = PostgresServer.StartAsync();
        var clickhouse = EmbeddedClickHouse.StartAsync();
        await Task.WhenAll(kafka, database, clickhouse);
        return new ClusterParts(await kafka, await database, await clickhouse, await (await database).NewSchemaAsync());
    }

    /// <summary>Starts a silo and waits until it is ready.</summary>
    /// <param name="lease">How long it holds its outbox without renewing.</param>
    /// <param name="deadAfter">How long one that does not answer counts as living: long, since a busy machine makes nobody dead.</param>
    /// <param name="more">Further settings, by their name in the environment.</param>
    public Task<SiloProcess> SiloAsync(TimeSpan lease, string deadAfter = "00:00:30", params (string Name, string Value)[] more) =>
        SiloProcess.StartAsync(Settings(lease, deadAfter, more));

    /// <summary>What a silo of this cluster is told, by names in the environment.</summary>
    /// <inheritdoc cref="SiloAsync" path="/param"/>
    public (string Name, string Value)[] Settings(TimeSpan lease, string deadAfter = "00:00:30",
        params (string Name, string Value)[] more) =>
    [
        .. more,
        ("Storage__Postgres", Connection.Replace("Maximum Pool Size=20", "Maximum Pool Size=8", StringComparison.Ordinal)),
        ("Silo__Port", "0"),
        ("Silo__DeadAfter", deadAfter),
        ("Members__Buckets", "32"),
        ("Kafka__Bootstrap", Kafka.BootstrapServers),
        ("ClickHouse__Url", ClickHouse.Url.ToString()),
        ("ClickHouse__User", "default"),
        ("ClickHouse__Password", EmbeddedClickHouse.Password),
        ("ClickHouse__Timeout", "00:00:02"),
        ("Sending__Lease", lease.ToString()),
        ("PseudonymKey", "00112233445566778899aabbccddeeff"),
    ];

    /// <summary>The outboxes there are, by the writer's name.</summary>
    public Task<IReadOnlyList<string>> OutboxesAsync() => WritersAsync("SELECT writer FROM outboxes");

    /// <summary>True when something waits in an outbox: messages not known to be sent, rows in no block.</summary>
    public async Task<bool> WaitsAsync(string outbox) =>
        (await WritersAsync("SELECT writer FROM outboxes WHERE sent < number OR formed < number")).Contains(outbox);

    private async Task<IReadOnlyList<string>> WritersAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Connection);
        await using var command = source.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await rows.ReadAsync()) found.Add(rows.GetString(0));
        return found;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Kafka.DisposeAsync();
        await ClickHouse.DisposeAsync();
        await Database.DisposeAsync();
    }
}
