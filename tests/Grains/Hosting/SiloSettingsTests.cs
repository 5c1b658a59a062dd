using Streaming.Common.Settings;
using Streaming.Silo.Hosting;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Hosting;

public sealed class SiloSettingsTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["Storage:Postgres"] = "Host=db;Database=engagement;Username=u;Password=secret-of-the-database",
        ["Kafka:Bootstrap"] = "kafka:9092",
        ["PseudonymKey"] = new string('a', 64),
        ["Ops:ApiKey"] = "secret-of-the-ops-page",
        ["Kafka:Client:sasl.password"] = "secret-of-the-broker",
    };

    [Fact]
    public void All_missing_settings_are_named_at_once()
    {
        var refused = Assert.Throws<SettingsException>(() => SiloSettings.Read([]));
        foreach (var name in new[] { "Storage:Postgres", "Kafka:Bootstrap", "PseudonymKey" })
        {
            Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Members:Buckets", "0")]
    [InlineData("Silo:Address", "0.0.0.0")]
    [InlineData("Silo:Address", "everywhere")]
    [InlineData("Silo:DeadAfter", "00:00:01")]
    [InlineData("Sending:Lease", "00:00:10")]
    [InlineData("Sending:SpoolLimit", "1")]
    [InlineData("ClickHouse:Timeout", "10000")] // a bare number would be days
    [InlineData("Ops:BrokerAwayLimit", "00:00:00")]
    [InlineData("Storage:InMemory", "true")]
    [InlineData("Storage:Postgres", "nonsense")]
    [InlineData("PseudonymKey", "abc")]
    [InlineData("Ops:Address", "0.0.0.0")]
    [InlineData("Ingestion:InFlight", "0")]
    [InlineData("Kafka:Partitions", "many")]
    [InlineData("Nonsense", "1")]
    public void A_wrong_value_is_refused_and_its_setting_is_named(string name, string value)
    {
        var given = new Dictionary<string, string?>(Good) { [name] = value };
        if (name == "Ops:Address") given.Remove("Ops:ApiKey");
        Assert.Contains(name.Split(':')[^1], Assert.Throws<SettingsException>(() => SiloSettings.Read(given)).Message,
            StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_wrong_setting_and_a_wrong_rules_file_are_named_in_one_run()
    {
        using var files = new TemporaryDirectory();
        var rules = Path.Combine(files.Path, "rules.yaml");
        File.WriteAllText(rules, "score:\n  halfLifeDays: 0\n");
        var refused = Assert.Throws<SettingsException>(() =>
            SiloSettings.Read(new Dictionary<string, string?>(Good) { ["Rules"] = rules, ["Members:Buckets"] = "0" }));
        foreach (var named in new[] { "Members:Buckets", $"Rules: {rules}: ", "halfLifeDays" })
        {
            Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Secrets_are_not_among_the_values_that_are_logged()
    {
        var logged = string.Join('\n', SiloSettings.Read(Good).Effective());
        Assert.Contains("db:5432/engagement", logged, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of", logged, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('a', 32), logged, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silo_in_memory_needs_no_database_and_no_pseudonym_key() =>
        Assert.True(SiloSettings.Read(new Dictionary<string, string?> { ["Storage:InMemory"] = "true",
            ["Kafka:Bootstrap"] = "127.0.0.1:9092" }).Storage.InMemory);
}
