using System.Globalization;
using Streaming.App.Hosting;
using Streaming.Common.Settings;
using Streaming.Contract.Identity;
using Streaming.Contract.Records;
using Streaming.Engine.Rules;
using Streaming.Ops;

namespace Streaming.App.Installing;

/// <summary>All settings of <c>streaming up</c> and <c>streaming replay</c>, from appsettings.json,
/// the environment and the command line, in this order.</summary>
public sealed class UpSettings : ISettings
{
    /// <summary>Data directory. Default <c>streaming</c> in the user's data folder (<c>XDG_DATA_HOME</c>).</summary>
    public string Data { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "streaming");

    /// <summary>Rules file. Empty: the shipped <c>rules.yaml</c>.</summary>
    public string Rules { get; set; } = "";

    /// <summary>
    /// What the names of all topics begin with, so that several installations share one Kafka: letters, digits, <c>.</c>, <c>_</c>,
    /// <c>-</c>, at most 100. Default empty: the contract's own names. Another prefix means other topics: records in the earlier topics are
    /// not read.
    /// </summary>
    public string TopicPrefix { get; set; } = "";

    /// <summary>Port of the embedded broker on 127.0.0.1. Default 0 (any free one); range 0-65535.</summary>
    public int KafkaPort { get; set; }

    /// <summary>Port of the embedded ClickHouse on 127.0.0.1. Default 0 (any free one); range 0-65535.</summary>
    public int ClickHousePort { get; set; }

    /// <summary>Whether sample members send events. Default true where the broker is embedded; never to a broker of yours.</summary>
    public bool Sample { get; set; } = true;

    /// <summary>Sample events per second. Default 20; range 1-1,000.</summary>
    public int SampleRate { get; set; } = 20;

    /// <summary>Pseudonym key as hex, at least 32 digits; empty: made once and kept in the data directory. Never logged.</summary>
    public string PseudonymKey { get; set; } = "";

    /// <summary>The ops page and API. Port 0 (any free one) unless set.</summary>
    public OpsSettings Ops { get; init; } = new();

    /// <summary>Where metrics and traces are sent.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>The pipeline's own settings.</summary>
    public HostSettings Host { get; init; } = new();

    /// <summary>True when the broker is started here.</summary>
    public bool EmbeddedKafka => Host.Kafka.Bootstrap.Length == 0;

    /// <summary>True when ClickHouse is started here.</summary>
    public bool EmbeddedClickHouse { get; private set; } = true;

    /// <summary>Text of the rules file, where <see cref="Read"/> was asked for it.</summary>
    public string RulesText { get; private set; } = "";

    /// <summary>Reads and validates all settings.</summary>
    /// <param name="overrides">What the command line says, by setting path.</param>
    /// <param name="rules">Whether the rules file is read and validated too; false for commands that run no pipeline.</param>
    /// <exception cref="SettingsException">Every error of both, one per line.</exception>
    public static UpSettings Read(IEnumerable<KeyValuePair<string, string?>> overrides, bool rules = true)
    {
        var configuration = SettingsSources.Read(overrides);
        var file = new RulesFileOptions<UpSettings>(s => s.RulesPath);
        var settings = SettingsReader.Read<UpSettings>(configuration, rules ? [file] : []);
        settings.EmbeddedClickHouse = configuration["Host:ClickHouse:Url"] is not { Length: > 0 };
        settings.RulesText = file.Text;
        return settings;
    }

    /// <inheritdoc/>
    public void Validate(ICollection<string> errors)
    {
        if (Data.Length == 0 || Data.Contains('\0', StringComparison.Ordinal))
            errors.Add("Data is empty or no path; it must name a directory (--data).");
        foreach (var (name, port) in new[] { (nameof(KafkaPort), KafkaPort), (nameof(ClickHousePort), ClickHousePort) })
        {
            if (port is < 0 or > 65_535)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {port}; it must be 0 (any free one) to 65535."));
            }
        }

        if (SampleRate is < 1 or > 1_000) errors.Add($"SampleRate is {SampleRate}; it must be 1 to 1000 (events per second).");
        if (PseudonymKey.Length > 0) Pseudonyms.ValidateKey(PseudonymKey, errors);
        if (TopicPrefix.Length > 100 || TopicPrefix.StartsWith(InputTopics.ReplayPrefix, StringComparison.Ordinal)
            || !TopicPrefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            errors.Add($"TopicPrefix is \"{TopicPrefix}\"; it must be at most 100 letters, digits, dots, underscores and dashes, and not " +
                $"begin with {InputTopics.ReplayPrefix}, which replays use.");
        }

        Ops.Validate("Ops", errors);
        Telemetry.Validate("Telemetry", errors);
        foreach (var error in Host.Validate()) errors.Add("Host:" + error);
    }

    /// <inheritdoc/>
    public IEnumerable<string> Effective()
    {
        yield return $"Data = {Path.GetFullPath(Data)}";
        yield return $"Rules = {RulesPath}";
        yield return $"Host:Kafka:Bootstrap = {(EmbeddedKafka ? "(embedded)" : Host.Kafka.Bootstrap)}";
        yield return $"TopicPrefix = {(TopicPrefix.Length == 0 ? "(none)" : TopicPrefix)}";
        yield return $"Host:Kafka:Client = {Host.Kafka.ClientToShow()}";
        yield return $"Host:ClickHouse:Url = {(EmbeddedClickHouse ? "(embedded)" : Host.ClickHouse.Url)}";
        yield return $"Host:Shards:Shards = {Host.Shards.EffectiveShards}, CachedMembers = {Host.Shards.EffectiveCachedMembers}";
        yield return $"Host:Commit:SpoolLimit = {Host.Commit.SpoolLimit}";
        yield return $"Ops:Address = {Ops.Address}, Ops:ApiKey = {(Ops.ApiKey.Length == 0 ? "(none)" : "***")}, PseudonymKey = " +
            $"{(PseudonymKey.Length == 0 ? "(in the data directory)" : "***")}";
        yield return $"Telemetry: {Telemetry.ToShow()}";
    }

    /// <summary>Path of the rules file in use.</summary>
    public string RulesPath => RulesFile.PathOf(Rules);
}
