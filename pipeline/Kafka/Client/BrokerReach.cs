using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Common.CommandLine;

namespace Streaming.Kafka.Client;

/// <summary>Checks that the broker answers. Done before anything else, so that a wrong address is reported within seconds.</summary>
public static class BrokerReach
{
    /// <summary>How long one question may take.</summary>
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(4);

    /// <summary>How long a program that was started together with its broker waits for it.</summary>
    public static readonly TimeSpan Start = TimeSpan.FromSeconds(30);

    /// <summary>Returns once the broker answers.</summary>
    /// <param name="settings">Where it is, and how it is spoken to.</param>
    /// <param name="patience">How long to go on asking; one question is asked in any case.</param>
    /// <param name="log">Gets a warning as soon as one question had no answer; null where the exception says enough.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="BrokerAwayException">It does not answer, or refuses this client.</exception>
    public static async Task CheckAsync(KafkaSettings settings, TimeSpan patience, ILogger? log, CancellationToken stop)
    {
        KafkaNative.Load();
        var began = TimeProvider.System.GetTimestamp();
        var reason = "";
        using var admin = new AdminClientBuilder(settings.Admin()).SetLogHandler((_, _) => { })
            .SetErrorHandler((_, e) => reason = MoreSpecific(reason, e)).Build();
        for (var said = false; ; said = true)
        {
            try
            {
                // GetMetadata waits in native code, which cannot be cancelled.
                await Task.Run(() => admin.GetMetadata(Answer), CancellationToken.None).WaitAsync(stop);
                return;
            }
            catch (KafkaException e)
            {
                var away = new BrokerAwayException(settings.Bootstrap, reason.Length > 0 ? reason : e.Error.Reason);
                if (TimeProvider.System.GetElapsedTime(began) >= patience) throw away;
                if (!said) log?.BrokerAway(patience.TotalSeconds, away.Message);
            }
        }
    }

    // "All brokers are down" comes last and holds the least information: the error of a single broker is kept instead.
    private static string MoreSpecific(string before, Error error) =>
        error.Code == ErrorCode.Local_AllBrokersDown && before.Length > 0 ? before : error.Reason;
}

/// <summary>The broker does not answer, or refuses this client: nothing was begun.</summary>
/// <param name="bootstrap">Its address.</param>
/// <param name="reason">What the client library says.</param>
public sealed class BrokerAwayException(string bootstrap, string reason) : Exception(
    $"Kafka at {bootstrap} does not answer ({reason.TrimEnd('.')}): is it running, is its address right (--kafka, or the setting Bootstrap of Kafka), are " +
        "its security settings right (Client of Kafka)?"), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.WrongUsage;
}
