using System.CommandLine;
using System.Globalization;
using Streaming.App.Broker;
using Streaming.App.Installing;
using Streaming.Common.CommandLine;

namespace Streaming.App.Commands;

/// <summary><c>streaming broker</c>: a Kafka broker for one machine, until it is told to stop.</summary>
internal static class BrokerCommand
{
    private static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "Data directory; Apache Kafka keeps its log in DIR/kafka, the mock broker keeps nothing.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<int> Port = PortOption.Create("--port", "Port on 127.0.0.1.");

    private static readonly Option<List<TopicSpec>> Topics = new("--topics")
    {
        Description = "Topics to make when they are missing: name:partitions[:maxMessageBytes],…",
        HelpName = "LIST",
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            if (!TopicSpec.TryParseList(string.Join(',', result.Tokens), out var topics, out var error))
            {
                result.AddError($"--topics: {error}");
            }

            return topics;
        },
    };

    private static readonly Option<int> Heap = new("--heap-mb")
    {
        Description = "Apache Kafka's largest heap in MiB, at least 128.",
        HelpName = "N",
        DefaultValueFactory = _ => EmbeddedBrokerOptions.DefaultHeapMegabytes,
        CustomParser = result =>
        {
            if (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes)
                || megabytes < 128)
            {
                result.AddError($"--heap-mb takes a whole number of at least 128, not '{result.Tokens[0].Value}'.");
            }

            return megabytes;
        },
    };

    public static Command Create()
    {
        var command = new Command("broker", "Run the embedded Kafka broker alone: librdkafka's mock cluster, in memory; or Apache Kafka " +
            "when KAFKA_HOME names a distribution.")
        {
            Data, Port, Topics, Heap,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var broker = await StartAsync(parsed, stop);
        Console.WriteLine(broker.Life is { } life ? $"ready {broker.BootstrapServers} life={life}" : $"ready {broker.BootstrapServers}");
        var ended = await Task.WhenAny(broker.Ended, Task.Delay(Timeout.InfiniteTimeSpan, stop));
        return ended == broker.Ended ? throw new CommandException(await broker.Ended) : ExitCodes.Done;
    }

    private static async Task<IBroker> StartAsync(ParseResult parsed, CancellationToken stop)
    {
        var port = parsed.GetValue(Port);
        var topics = parsed.GetRequiredValue(Topics);
        if (KafkaHome.FromEnvironment() is not { } home)
        {
            return MockBroker.Start(port, topics);
        }

        return await ApacheKafkaBroker.StartAsync(
            home, parsed.GetRequiredValue(Data).FullName, port, topics, parsed.GetValue(Heap), new LineLogger(), stop);
    }
}
