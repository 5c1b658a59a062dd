using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Sending;
using Streaming.Common.Settings;
using Streaming.Contract.Identity;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Grains;
using Streaming.Kafka.Client;
using Streaming.Ops;
using Streaming.Silo.Ingestion;
using Streaming.Silo.Sending;
using Streaming.Silo.Storage;

namespace Streaming.Silo.Hosting;

/// <summary>Everything a silo can be told, from appsettings.json, the environment
/// (<c>STREAMING__Storage__Postgres</c>) and the command line, in this order.</summary>
public sealed class SiloSettings : ISettings
{
    /// <summary>Where the cluster's state is stored.</summary>
    public StorageSettings Storage { get; init; } = new();

    /// <summary>Where this silo meets the others.</summary>
    public MembershipSettings Silo { get; init; } = new();

    /// <summary>Kafka; <c>Group</c> is the consumer group that all silos read in.</summary>
    public KafkaSettings Kafka { get; init; } = new();

    /// <summary>ClickHouse. <c>Timeout</c> is 10 s here unless set.</summary>
    public ClickHouseSettings ClickHouse { get; init; } = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>When rows become blocks.</summary>
    public BlockSettings Blocks { get; init; } = new();

    /// <summary>What happens when ClickHouse does not take a block.</summary>
    public SenderSettings Sender { get; init; } = new();

    /// <summary>How members are spread, and how a silo gathers its commits.</summary>
    public GrainsSettings Members { get; init; } = new();

    /// <summary>How input topics are read.</summary>
    public IngestionSettings Ingestion { get; init; } = new();

    /// <summary>The silo's outbox.</summary>
    public SiloOutboxSettings Sending { get; init; } = new();

    /// <summary>How much of what Kafka or ClickHouse refused for good is kept, for each outbox.</summary>
    public ParkedSettings Parked { get; init; } = new();

    /// <summary>The ops page and API of this silo. Port 0 (any free one) unless set.</summary>
    public OpsSettings Ops { get; init; } = new();

    /// <summary>Where metrics and traces are sent.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>Rules file a new database begins with. Empty: the shipped <c>rules.yaml</c>.
    /// Later changes: <c>streaming-silo rules set FILE</c>.</summary>
    public string Rules { get; set; } = "";

    /// <summary>Pseudonym key as hex, at least 32 digits, the same for all silos and for
    /// good. May be empty only in memory. Never logged.</summary>
    public string PseudonymKey { get; set; } = "";

    /// <summary>Path of the rules file in use.</summary>
    internal string RulesPath => RulesFile.PathOf(Rules);

    /// <summary>Text of the rules file.</summary>
    internal string RulesText { get; private set; } = "";

    /// <summary>Reads and validates all settings and the rules file.</summary>
    /// <param name="overrides">What the command line says, by setting path.</param>
    /// <exception cref="SettingsException">Every error of both, one per line.</exception>
    public static SiloSettings Read(IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        var file = new RulesFileOptions<SiloSettings>(s => s.RulesPath);
        var settings = SettingsReader.Read<SiloSettings>(SettingsSources.Read(overrides), file);
        settings.RulesText = file.Text;
        return settings;
    }

    /// <inheritdoc/>
    public IEnumerable<string> Effective()
    {
        yield return $"Storage = {(Storage.InMemory ? "in memory: everything is gone when this silo ends" : Storage.PostgresHost)}";
        yield return $"Silo:Cluster = {Silo.Cluster}, Address = {Silo.Address}, Port = {Silo.Port}, DeadAfter = {Silo.DeadAfter}";
        yield return $"Kafka:Bootstrap = {Kafka.Bootstrap}, Group = {Kafka.Group}, Client = {Kafka.ClientToShow()}";
        yield return $"ClickHouse:Url = {ClickHouse.Url}, Database = {ClickHouse.Database}, User = {ClickHouse.User}, Timeout = " +
            $"{ClickHouse.Timeout}";
        yield return $"Members:Buckets = {Members.Buckets}, MaxRecords = {Members.MaxRecords}, RetryFor = {Members.RetryFor}";
        yield return $"Sending:Lease = {Sending.Lease}, SpoolLimit = {Sending.SpoolLimit}";
        yield return $"Ops:Address = {Ops.Address}, Ops:ApiKey = {(Ops.ApiKey.Length == 0 ? "(none)" : "***")}, PseudonymKey = " +
            $"{(PseudonymKey.Length == 0 ? "(made for this run)" : "***")}";
        yield return $"Telemetry: {Telemetry.ToShow()}";
    }

    /// <inheritdoc/>
    public void Validate(ICollection<string> errors)
    {
        Storage.Validate("Storage", errors);
        Silo.Validate("Silo", errors);
        if (Kafka.Bootstrap.Length == 0) errors.Add("Kafka:Bootstrap is empty; give host:port of your brokers.");
        Kafka.Validate("Kafka", errors);
        ClickHouse.Validate("ClickHouse", errors);
        Blocks.Validate("Blocks", errors);
        Sender.Validate("Sender", errors);
        Members.Validate("Members", errors);
        Ingestion.Validate("Ingestion", errors);
        Sending.Validate("Sending", ClickHouse, errors);
        Parked.Validate("Parked", errors);
        Ops.Validate("Ops", errors);
        Telemetry.Validate("Telemetry", errors);
        if (PseudonymKey.Length == 0 && !Storage.InMemory)
        {
            errors.Add("PseudonymKey is empty; give 64 hex digits (openssl rand -hex 32), the same for all silos.");
        }
        else if (PseudonymKey.Length > 0) Pseudonyms.ValidateKey(PseudonymKey, errors);
    }
}
