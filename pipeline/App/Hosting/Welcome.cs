using System.Globalization;
using Streaming.App.Broker;
using Streaming.Pipeline.Escaping;

namespace Streaming.App.Hosting;

/// <summary>What a newcomer reads when everything is up: where things listen, and what to try. Its first line begins with <c>ready</c>, for programs.</summary>
internal static class Welcome
{
    public static void Print(EmbeddedParts parts, string ops, UpSettings settings)
    {
        var now = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        Console.WriteLine(
            $$"""
            ready ops={{ops}} kafka={{parts.Kafka}} clickhouse={{parts.ClickHouse}}

              ops page    {{ops}}
              Kafka       {{parts.Kafka}}{{Kind(parts)}}
              ClickHouse  {{parts.ClickHouse}}

            Try:
              send a purchase     echo 'me:{"id":"p-1","member":"me","at":"{{now}}","kind":"paid","order":"o-1","amount":"12.34","currency":"EUR"}' | kcat -P -b {{ShellText.Quote(parts.Kafka)}} -t {{ShellText.Quote(settings.TopicPrefix + "purchases")}} -K:
              read the member     curl -s {{ops}}/v1/members/me
              watch the rewards   kcat -C -b {{ShellText.Quote(parts.Kafka)}} -t {{ShellText.Quote(settings.TopicPrefix + "rewards")}}
              ask ClickHouse      curl -s {{ShellText.Quote($"{parts.ClickHouse}/?database={Uri.EscapeDataString(settings.Host.ClickHouse.Database)}")}} -d 'SELECT kind, sum(events) FROM activity GROUP BY kind'

            Ctrl-C stops everything.
            """);
    }

    private static string Kind(EmbeddedParts parts)
    {
        if (!parts.OwnsBroker) return "";
        return parts.Forgetful
            ? "   (in memory: keeps about 5 MB per partition and forgets at a restart; Java clients need a real one: set KAFKA_HOME)"
            : $"   (Apache Kafka from {KafkaHome.Variable}, its log in the data directory)";
    }
}
