using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Streaming.Common.CommandLine;

namespace Streaming.App.Broker;

/// <summary>
/// librdkafka's in-process mock cluster with one broker, on a loopback port: a real TCP server for librdkafka's clients (kcat,
/// Confluent.Kafka, node-rdkafka …) and kafkajs.
/// </summary>
/// <remarks>
/// Right for a try-out and for tests, wrong for data: it keeps about 5 MB (and at most 100,000 batches) per partition in memory,
/// drops older ones whether consumed or not, and forgets everything at its end. The library offers no way to raise these. Java
/// clients refuse it (it speaks an older ApiVersions), it has no admin requests, and an unknown topic is created with 4 partitions when a
/// client first asks for it. Set KAFKA_HOME for a durable embedded broker, or point the pipeline at a Kafka of your own.
/// </remarks>
internal sealed class MockBroker : IBroker
{
    private const string Host = "127.0.0.1";
    private readonly nint handle;
    private readonly nint cluster;

    private MockBroker(nint handle, nint cluster, int port)
    {
        this.handle = handle;
        this.cluster = cluster;
        BootstrapServers = string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}");
    }

    public string BootstrapServers { get; }

    public string? Life { get; } = Guid.NewGuid().ToString("N");

    public Task<string> Ended { get; } = new TaskCompletionSource<string>().Task;

    /// <exception cref="CommandException">The port cannot be had.</exception>
    public static MockBroker Start(int port, IReadOnlyList<TopicSpec> topics)
    {
        var handle = MockApi.NewHandle([
            new("client.id", "streaming-broker"),
            // Logs warnings and errors only: this handle has no servers by design, and librdkafka would report that at a lower level.
            new("log_level", "4"),
        ]);
        var cluster = BlockedSignals.During(() => MockApi.NewCluster(handle, brokers: 1));
        // Otherwise the first member of a consumer group waits 3 s for others.
        MockApi.SetRebalanceDelay(cluster, 0);
        // Create the topics before the port is known: a client that reconnects asks for its topics at once, and a topic that is asked for
        // is created with 4 partitions.
        foreach (var topic in topics)
        {
            MockApi.CreateTopic(cluster, topic.Name, topic.Partitions);
        }

        var bound = IPEndPoint.Parse(MockApi.Bootstraps(cluster)).Port;
        if (port == 0)
        {
            port = bound;
        }
        else
        {
            try
            {
                ListenSocket.Move(bound, port);
            }
            catch (SocketException error)
            {
                MockApi.Destroy(cluster, handle);
                throw new CommandException($"The broker cannot listen on {Host}:{port} ({error.Message}); stop what uses the port or " +
                    "choose another (0 = any free one).", ExitCodes.WrongUsage);
            }

            MockApi.SetAddress(cluster, broker: 1, Host, port);
        }

        return new MockBroker(handle, cluster, port);
    }

    public ValueTask DisposeAsync()
    {
        MockApi.Destroy(cluster, handle);
        return ValueTask.CompletedTask;
    }
}
