using System.Globalization;
using Streaming.App.Broker;
using Streaming.Common.Escaping;

namespace Streaming.App.Installing;

/// <summary>What a newcomer reads when everything is up: where things listen, and what to try.
/// Its first line begins with <c>ready</c>, for programs.</summary>
internal static class Welcome
{
    /// <summary>The environment variable that sets the ops API key (<c>Ops:ApiKey</c>).</summary>
    public const string KeyVariable = "STREAMING__Ops__ApiKey";

    public static void Print(EmbeddedParts parts, string ops, UpSettings settings)
    {
        var moment = DateTimeOffset.UtcNow;
        var now = moment.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        // New ids at each start: otherwise the purchase of a second try would be recognised as a duplicate.
        var number = moment.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        Console.WriteLine(
            $$"""
            ready ops={{ops}} kafka={{parts.Kafka}} clickhouse={{parts.ClickHouse}}

              ops page    {{ops}}{{(settings.Ops.ApiKey.Length == 0 ? "" : $"   (asks for the API key; the commands below take it from {KeyVariable})")}}
              Kafka       {{parts.Kafka}}{{Kind(parts)}}
              ClickHouse  {{parts.ClickHouse}}{{Passwords(parts, settings)}}

            Try:
              send a purchase     echo 'me:{"id":"p-{{number}}","member":"me","at":"{{now}}","kind":"paid","order":"o-{{number}}","amount":"12.34","currency":"EUR"}' | kcat -P -b {{ShellText.Quote(parts.Kafka)}} -t {{ShellText.Quote(settings.TopicPrefix + "purchases")}} -K:
              read the member     curl -s {{Key(settings)}}{{ops}}/v1/members/me
              watch the rewards   kcat -C -b {{ShellText.Quote(parts.Kafka)}} -t {{ShellText.Quote(settings.TopicPrefix + "rewards")}}
              ask ClickHouse      curl -s {{User(parts)}}{{ShellText.Quote($"{parts.ClickHouse}/?database={Uri.EscapeDataString(settings.Host.ClickHouse.Database)}")}} -d 'SELECT kind, sum(events) FROM activity GROUP BY kind'

            Ctrl-C stops everything.
            """);
    }

    // The key is not printed; the shell replaces the variable.
    private static string Key(UpSettings settings) => settings.Ops.ApiKey.Length == 0 ? "" : $"-H \"X-Api-Key: ${KeyVariable}\" ";

    private static string User(EmbeddedParts parts) =>
        parts.ClickHouseUsers is { } users ? $"-u {users.Reader}:{users.ReaderPassword} " : "";

    private static string Passwords(EmbeddedParts parts, UpSettings settings) => parts.ClickHouseUsers is { } users
        ? $"   (user {users.Reader}, password {users.ReaderPassword}, for this start; it can change nothing. Who may write stands in " +
            $"{Path.Combine(Path.GetFullPath(settings.Data), EndpointsFile.Name)})"
        : "";

    private static string Kind(EmbeddedParts parts)
    {
        if (!parts.OwnsBroker) return "";
        return parts.KeepsLogInMemory
            ? "   (in memory: keeps about 5 MB per partition and forgets at a restart; Java clients need a real one: set KAFKA_HOME)"
            : $"   (Apache Kafka from {KafkaHome.Variable}, its log in the data directory)";
    }
}
