using System.CommandLine;
using Streaming.App.Broker;

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

    public static Command Create()
    {
        var command = new Command("broker", "Run the embedded Kafka broker alone: librdkafka's mock cluster, in memory.")
        {
            Data, Port, Topics,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var broker = Start(parsed.GetValue(Port), parsed.GetRequiredValue(Topics));
        Console.WriteLine(broker.Life is { } life ? $"ready {broker.BootstrapServers} life={life}" : $"ready {broker.BootstrapServers}");
        var ended = await Task.WhenAny(broker.Ended, Task.Delay(Timeout.InfiniteTimeSpan, stop));
        return ended == broker.Ended ? throw new CommandException(await broker.Ended) : Cli.Done;
    }

    private static MockBroker Start(int port, List<TopicSpec> topics) => MockBroker.Start(port, topics);
}
