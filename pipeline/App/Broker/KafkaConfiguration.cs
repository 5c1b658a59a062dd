using System.Globalization;

namespace Streaming.App.Broker;

/// <summary>The files that one embedded Apache Kafka node reads: rewritten at every start, so that they always fit this program.</summary>
internal static class KafkaConfiguration
{
    /// <summary>Threads that read and write sockets. Kafka's own 3 on a large machine; on a small one more threads only compete for the
    /// processors.</summary>
    public static int NetworkThreads(int processors) => Math.Clamp(processors / 2, 1, 3);

    /// <summary>Threads that handle requests; Kafka's own 8 on a large machine.</summary>
    public static int RequestThreads(int processors) => Math.Clamp(processors, 2, 8);

    /// <summary>Writes <c>server.properties</c> and <c>log4j2.properties</c> into <paramref name="directory"/>.</summary>
    /// <param name="directory">The node's own folder; its log goes to the subfolder <c>log</c>.</param>
    /// <param name="port">The port for clients, on loopback.</param>
    /// <param name="controllerPort">The port of the KRaft controller in the same process, on loopback.</param>
    /// <param name="processors">Processors it may use.</param>
    public static void Write(string directory, int port, int controllerPort, int processors)
    {
        File.WriteAllText(ServerFile(directory), string.Create(CultureInfo.InvariantCulture, $"""
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:{controllerPort}
            controller.listener.names=CONTROLLER
            listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controllerPort}
            advertised.listeners=PLAINTEXT://127.0.0.1:{port}
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
            log.dir={LogDirectory(directory)}
            num.partitions=4
            num.network.threads={NetworkThreads(processors)}
            num.io.threads={RequestThreads(processors)}
            auto.create.topics.enable=true
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=4
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            group.initial.rebalance.delay.ms=0
            # By size, not by age: a replayed record carries the time of its data, and one of 2011 would be deleted at once.
            log.retention.ms=-1
            log.retention.bytes=1073741824

            """));
        File.WriteAllText(LoggingFile(directory), $"""
            rootLogger.level = WARN
            rootLogger.appenderRef.stderr.ref = stderr
            appender.stderr.type = Console
            appender.stderr.name = stderr
            appender.stderr.target = SYSTEM_ERR
            appender.stderr.layout.type = PatternLayout
            appender.stderr.layout.pattern = %p %c{"{1}"} %m%n
            # The one line that tells when the node takes clients.
            logger.server.name = kafka.server.KafkaRaftServer
            logger.server.level = INFO
            logger.server.additivity = false
            logger.server.appenderRef.stdout.ref = stdout
            appender.stdout.type = Console
            appender.stdout.name = stdout
            appender.stdout.layout.type = PatternLayout
            appender.stdout.layout.pattern = %m%n

            """);
    }

    /// <summary>The broker's settings.</summary>
    public static string ServerFile(string directory) => Path.Combine(directory, "server.properties");

    /// <summary>The JVM's logging.</summary>
    public static string LoggingFile(string directory) => Path.Combine(directory, "log4j2.properties");

    /// <summary>The durable log.</summary>
    public static string LogDirectory(string directory) => Path.Combine(directory, "log");
}
