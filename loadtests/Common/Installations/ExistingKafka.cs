using Streaming.Common.CommandLine;
using Streaming.Common.Settings;
using Streaming.Kafka.Client;

namespace Streaming.Loadtests.Common.Installations;

/// <summary>A Kafka that runs already: its address from the command line, its client properties from the settings of the program.</summary>
public static class ExistingKafka
{
    private const string Client = "Host:Kafka:Client";

    /// <summary>The settings of a client: <c>Host:Kafka:Client</c> (<c>security.protocol</c>, <c>sasl.username</c> …) from
    /// <c>appsettings.json</c> or the environment.</summary>
    /// <exception cref="CommandException">The address is none, or librdkafka does not take one of the settings; exit code 2.</exception>
    public static KafkaSettings At(string bootstrap, string group = "load")
    {
        var given = SettingsSources.Read([]).GetSection(Client).GetChildren().Where(one => one.Value is not null)
            .ToDictionary(one => one.Key, one => one.Value!, StringComparer.Ordinal);
        var settings = new KafkaSettings { Bootstrap = bootstrap, Group = group, Client = given };
        KafkaNative.Load();
        var errors = new List<string>();
        settings.Validate("Kafka", errors);
        return errors.Count == 0 ? settings : throw new CommandException(string.Join('\n', errors), 2);
    }

    /// <summary>The same, once the broker has answered.</summary>
    /// <exception cref="BrokerAwayException">It does not answer within seconds.</exception>
    public static async Task<KafkaSettings> ReachAsync(string bootstrap, CancellationToken stop)
    {
        var settings = At(bootstrap);
        await BrokerReach.CheckAsync(settings, TimeSpan.Zero, null, stop);
        return settings;
    }
}
