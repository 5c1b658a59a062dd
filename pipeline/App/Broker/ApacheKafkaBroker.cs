using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.App.Children;
using Streaming.Common.CommandLine;
using Streaming.Kafka.Client;

namespace Streaming.App.Broker;

/// <summary>
/// Apache Kafka itself, one KRaft node on loopback, in a Java process that dies with this one. Its log is durable: formatted once,
/// kept over restarts and kill -9.
/// </summary>
/// <remarks>Bounds: the heap as given; 1 GiB of log per partition, oldest segments deleted first; no limit by age.</remarks>
internal sealed class ApacheKafkaBroker : IBroker
{
    private const string Host = "127.0.0.1";
    private readonly ChildProcess java;

    private ApacheKafkaBroker(ChildProcess java, string bootstrapServers)
    {
        this.java = java;
        BootstrapServers = bootstrapServers;
        Ended = DescribeEndAsync();
    }

    public string BootstrapServers { get; }

    public string? Life => null;

    public Task<string> Ended { get; }

    /// <exception cref="CommandException">The distribution, the port or a topic's settings are at fault.</exception>
    /// <exception cref="ChildProcessException">The Java process did not start; the message has its last output line.</exception>
    public static async Task<ApacheKafkaBroker> StartAsync(
        KafkaHome home, string dataDirectory, int port, IReadOnlyList<TopicSpec> topics, int heapMegabytes, ILogger log,
            CancellationToken cancellation)
    {
        if (!home.IsComplete)
        {
            throw new CommandException($"{KafkaHome.Variable} names {home.Directory}, which has no libs/kafka*.jar; name an Apache Kafka " +
                $"distribution, or unset it to use the broker in memory.", ExitCodes.WrongUsage);
        }

        var directory = Path.GetFullPath(Path.Combine(dataDirectory, "kafka"));
        Directory.CreateDirectory(directory);
        var (java, bound) = await ListenAsync(home, directory, port, heapMegabytes, log, cancellation);
        var broker = new ApacheKafkaBroker(java, string.Create(CultureInfo.InvariantCulture, $"{Host}:{bound}"));
        try
        {
            await broker.CreateMissingAsync(topics);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => java.DisposeAsync();

    /// <summary>Starts Java on the given port (0 = any free one). A port that another program
    /// took after it was found free is replaced, twice at most.</summary>
    private static async Task<(ChildProcess Java, int Port)> ListenAsync(
        KafkaHome home, string directory, int port, int heapMegabytes, ILogger log, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (bound, controller) = Reserve(port);
            KafkaConfiguration.Write(directory, bound, controller, Environment.ProcessorCount);
            if (!File.Exists(Path.Combine(KafkaConfiguration.LogDirectory(directory), "meta.properties")))
            {
                await FormatAsync(home, directory, log, cancellation);
            }

            try
            {
                var java = Jvm(home, directory, heapMegabytes, "kafka.Kafka", KafkaConfiguration.ServerFile(directory)) with
                {
                    Name = "kafka",
                    ReadyMark = "Kafka Server started",
                    ReadyTimeout = TimeSpan.FromMinutes(2),
                    StopTimeout = TimeSpan.FromSeconds(5),
                };
                return (await ChildProcess.StartAsync(java, log, cancellation), bound);
            }
            catch (ChildProcessException error) when (attempt < 3 && error.Message.Contains("Address already in use",
                StringComparison.Ordinal))
            {
                log.BrokerPortTaken(error.Message);
            }
        }
    }

    private async Task<string> DescribeEndAsync() => $"Apache Kafka ended by itself with exit code {await java.Exited}.";

    /// <summary>Kafka's settings need the ports before it binds them. Both ports are reserved at the same time, so that they
    /// differ.</summary>
    private static (int Clients, int Controller) Reserve(int port)
    {
        using var clients = Bind(port);
        using var controller = Bind(0);
        return (PortOf(clients), PortOf(controller));
    }

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new CommandException($"The broker cannot listen on {Host}:{port} ({error.Message}); stop what uses the port or choose " +
                "another (0 = any free one).", ExitCodes.WrongUsage);
        }
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static async Task FormatAsync(KafkaHome home, string directory, ILogger log, CancellationToken cancellation)
    {
        // An earlier attempt that was cut short may have left the folder half made; there is no log in it to lose.
        await using var format = await ChildProcess.StartAsync(
            Jvm(home, directory, 128, "kafka.tools.StorageTool", "format", "--ignore-formatted", "-c",
                KafkaConfiguration.ServerFile(directory), "-t", NewClusterId()) with
            {
                Name = "kafka format",
                ReadyMark = "Formatting ",
            }, log, cancellation);
        if (await format.Exited is not 0 and var code)
        {
            throw new CommandException($"Apache Kafka's storage tool failed with exit code {code} on {directory}; its log lines " +
                $"above say why.");
        }
    }

    /// <summary>
    /// A cluster id as Kafka writes them: 16 random bytes in URL-safe base64, 22 characters. The first bit is left out, so that no id
    /// begins with a dash: Kafka's tools would read it as an option.
    /// </summary>
    public static string NewClusterId()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        bytes[0] &= 0x7F;
        return Base64Url.EncodeToString(bytes);
    }

    private static ChildProcessOptions Jvm(KafkaHome home, string directory, int heapMegabytes, params string[] main) => new()
    {
        Name = main[0],
        // Java cannot set the parent-death signal; setpriv (util-linux) sets it and then executes Java.
        File = "setpriv",
        Arguments =
        [
            "--pdeathsig", "KILL", "--", KafkaHome.Java,
            string.Create(CultureInfo.InvariantCulture, $"-Xmx{heapMegabytes}m"), "-XX:+ExitOnOutOfMemoryError",
            $"-Dlog4j2.configurationFile={KafkaConfiguration.LoggingFile(directory)}",
            "-cp", home.ClassPath, .. main,
        ],
    };

    private async Task CreateMissingAsync(IReadOnlyList<TopicSpec> topics)
    {
        KafkaNative.Load();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        var known = admin.GetMetadata(TimeSpan.FromSeconds(30)).Topics.Select(topic => topic.Topic).ToHashSet();
        var missing = topics.Where(topic => !known.Contains(topic.Name)).Select(topic => new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = 1,
            Configs = topic.MaxMessageBytes is { } bytes
                ? new Dictionary<string, string> { ["max.message.bytes"] = bytes.ToString(CultureInfo.InvariantCulture) }
                : [],
        }).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        try
        {
            await admin.CreateTopicsAsync(missing);
        }
        catch (CreateTopicsException error) when (error.Results.All(result => !result.Error.IsError
            || result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // A client that reconnected has created it meanwhile.
        }
        catch (CreateTopicsException error)
        {
            throw new CommandException($"Apache Kafka refused a topic: {string.Join("; ", error.Results.Where(result => result.Error.IsError).Select(result => $"{result.Topic}: {result.Error.Reason}"))}.");
        }
    }
}
