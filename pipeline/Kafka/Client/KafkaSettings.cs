using System.Globalization;
using Confluent.Kafka;

namespace Streaming.Kafka.Client;

/// <summary>How to reach Kafka.</summary>
public sealed class KafkaSettings
{
    /// <summary>The client property for checking records' checksums; default true. Turn it off for the mock cluster, whose transaction
    /// markers have none.</summary>
    public const string CheckCrcsProperty = "check.crcs";

    private const string MetadataAge = "metadata.max.age.ms";

    /// <summary>Properties whose values are this program's, whatever <see cref="Client"/> says.</summary>
    private static readonly HashSet<string> Fixed = [.. new KafkaSettings().Consumer().Concat(new KafkaSettings().Producer())
        .Select(property => property.Key).Where(name => name is not (CheckCrcsProperty or MetadataAge))];

    private static readonly string[] SecretWords = ["password", "secret", "key"];

    /// <summary>Brokers as host:port, several separated by commas. Empty (the default): the embedded broker.</summary>
    public string Bootstrap { get; set; } = "";

    /// <summary>Consumer group named to the broker (some brokers grant rights by it). Positions live in the store: none is committed under
    /// it. Default <c>streaming</c>.</summary>
    public string Group { get; set; } = "streaming";

    /// <summary>Partitions of each topic the pipeline creates itself. Default 4; range 1-1,000. Existing topics are left alone.</summary>
    public int Partitions { get; set; } = 4;

    /// <summary>Further librdkafka properties by name (security.protocol, sasl.username …), for every client. What the program sets itself
    /// (client.id, acks, linger.ms …) is refused.</summary>
    public Dictionary<string, string> Client { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Adds a sentence for every value out of range, and for every property that librdkafka does not take.</summary>
    /// <exception cref="KafkaNativeMissingException">There are properties to ask about, and librdkafka is not on this machine.</exception>
    public void Validate(string path, ICollection<string> errors)
    {
        if (Partitions is < 1 or > 1_000) errors.Add($"{path}:Partitions is {Partitions}; it must be 1 to 1000.");
        if (Bootstrap.Length > 0 && !Bootstrap.Split(',', StringSplitOptions.TrimEntries).All(IsAddress))
            errors.Add($"{path}:Bootstrap is \"{Bootstrap}\"; it must be host:port, several separated by commas.");
        if (string.IsNullOrWhiteSpace(Group)) errors.Add($"{path}:Group is empty; give the consumer group a name.");
        foreach (var (name, value) in Client)
        {
            if (ClientProperties.Fault(name, value) is { } fault) errors.Add($"{path}:Client:{fault}");
            else if (Fixed.Contains(name)) errors.Add($"{path}:Client:{name} is set by this program itself: remove it.");
        }
    }

    /// <summary>The properties of <see cref="Client"/> in one line for the start-up output, secrets masked.</summary>
    public string ClientToShow() => string.Join(", ", Client.Select(c => $"{c.Key} {(IsSecret(c.Key) ? "***" : c.Value)}"));

    private static bool IsSecret(string name) => SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Client settings for a consumer that assigns itself its partitions and decides itself where to read.</summary>
    public ConsumerConfig Consumer()
    {
        var config = new ConsumerConfig(Common())
        {
            GroupId = Group,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
            FetchWaitMaxMs = 50,
            FetchErrorBackoffMs = 100,
            FetchQueueBackoffMs = 10,
            QueuedMaxMessagesKbytes = 65_536,
            FetchMaxBytes = 16 << 20,
            MaxPartitionFetchBytes = 2 << 20,
            TopicMetadataRefreshIntervalMs = 2_000, // an added partition is found within this time
            AllowAutoCreateTopics = false,
            CheckCrcs = !Client.TryGetValue(CheckCrcsProperty, out var checks) || checks != "false",
        };
        return config;
    }

    /// <summary>Client settings for a producer.</summary>
    public ProducerConfig Producer() => new(Common())
    {
        EnableIdempotence = true,
        Acks = Acks.All,
        LingerMs = 1,
        BatchNumMessages = 10_000,
        CompressionType = CompressionType.Lz4,
        MessageMaxBytes = TopicSetup.DeadLetterBytes,
        MessageTimeoutMs = 0,
        QueueBufferingMaxMessages = 200_000,
        QueueBufferingMaxKbytes = 65_536,
    };

    /// <summary>Client settings for a sender whose reports are polled (<see cref="ProducerQueue"/>).</summary>
    internal ProducerConfig Sender() => new(Producer()) { EnableBackgroundPoll = false };

    /// <summary>Client settings for the admin client.</summary>
    public AdminClientConfig Admin() => new(Common());

    private static bool IsAddress(string server) =>
        server.LastIndexOf(':') is > 0 and var colon && !server.Any(char.IsWhiteSpace)
        && ushort.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;

    private Dictionary<string, string> Common()
    {
        var config = new Dictionary<string, string>(Client, StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = Bootstrap,
            ["client.id"] = "streaming",
            ["reconnect.backoff.ms"] = "100",
            ["reconnect.backoff.max.ms"] = "2000",
            ["socket.keepalive.enable"] = "true",
            ["log.connection.close"] = "false",
            ["socket.nagle.disable"] = "true",
        };
        config.TryAdd(MetadataAge, 60_000.ToString(CultureInfo.InvariantCulture));
        return config;
    }
}
