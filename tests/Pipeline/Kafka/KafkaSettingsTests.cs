using Streaming.Kafka.Client;

namespace Streaming.Pipeline.Tests.Kafka;

/// <summary>What an operator may say to the Kafka client.</summary>
public sealed class KafkaSettingsTests
{
    [Theory]
    [InlineData("client.id", "mine")]
    [InlineData("acks", "1")]
    [InlineData("linger.ms", "100")]
    [InlineData("enable.auto.commit", "true")]
    [InlineData("reconnect.backoff.ms", "50")]
    public void A_property_that_the_program_sets_itself_is_refused_by_name(string name, string value) =>
        Assert.Contains($"Kafka:Client:{name} ", Assert.Single(Errors(name, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("security.protocol", "ssl")]
    [InlineData("metadata.max.age.ms", "30000")]
    [InlineData("check.crcs", "false")]
    [InlineData("fetch.min.bytes", "32768")]
    public void Another_property_is_taken_and_reaches_the_client(string name, string value)
    {
        Assert.Empty(Errors(name, value));
        var settings = new KafkaSettings { Client = { [name] = value } };
        Assert.Equal(value, settings.Consumer().Get(name), ignoreCase: true);
    }

    private static List<string> Errors(string name, string value)
    {
        KafkaNative.Load();
        var errors = new List<string>();
        new KafkaSettings { Client = { [name] = value } }.Validate("Kafka", errors);
        return errors;
    }
}
