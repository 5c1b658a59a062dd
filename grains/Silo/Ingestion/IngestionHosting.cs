using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Streaming.Contract.Records;
using Streaming.Engine.Turns;
using Streaming.Grains.Placement;
using Streaming.Grains.Storage;
using Streaming.Grains.Wakes;
using Streaming.Kafka.Client;
using Streaming.Kafka.Reading;

namespace Streaming.Silo.Ingestion;

/// <summary>Ingestion on a silo.</summary>
internal static class IngestionHosting
{
    /// <summary>Adds what reads the input topics as a member of the group. Needs the members of the silo beside it.</summary>
    /// <remarks>The broker is asked for the identity of its topics, unless an <see cref="ITopicIdentity"/>
    /// is there: the mock cluster does not answer that.</remarks>
    public static IServiceCollection AddIngestion(this IServiceCollection services, KafkaSettings kafka, IngestionSettings settings,
        InputTopics topics)
    {
        services.AddSingleton<IngestionStatus>();
        services.AddSingleton<IAdminClient>(s =>
        {
            var log = s.GetRequiredService<ILogger<KafkaInputPartitions>>();
            return new AdminClientBuilder(kafka.Admin()).SetLogHandler(ClientLog.To(log)).Build();
        });
        services.TryAddSingleton<ITopicIdentity>(s => new BrokerTopicIdentity(s.GetRequiredService<IAdminClient>()));
        services.AddSingleton(topics);
        services.AddSingleton<KafkaInputPartitions>();
        services.AddSingleton<IInputPartitions>(s => s.GetRequiredService<KafkaInputPartitions>());
        services.AddSingleton(s => new EndOffsetProbe(s.GetRequiredService<IAdminClient>(), TimeProvider.System,
            s.GetRequiredService<ILogger<EndOffsetProbe>>()));
        services.AddSingleton<PartitionAssigner>();
        services.AddSingleton<BatchRouter>();
        services.AddSingleton(s => new IngestionGraph(
            () => Connect(s, kafka, settings), s.GetRequiredService<BatchRouter>(), settings, s.GetRequiredService<IngestionStatus>(),
                s.GetRequiredService<ILogger<IngestionGraph>>()));
        services.AddHostedService(s => s.GetRequiredService<KafkaInputPartitions>());
        services.AddHostedService<IngestionService>();
        return services;
    }

    private static GroupConsumer Connect(IServiceProvider services, KafkaSettings kafka, IngestionSettings settings)
    {
        var map = services.GetRequiredService<ClusterMap>();
        var status = services.GetRequiredService<IngestionStatus>();
        var assigner = services.GetRequiredService<PartitionAssigner>();
        var sessions = new PartitionSessions(key => map.BucketOf(key), settings, status, services.GetRequiredService<PoisonLog>());
        var progress = new GroupProgress(sessions, services.GetRequiredService<EndOffsetProbe>(),
            services.GetRequiredService<IClusterStore>());
        var revival = new SessionRevival(sessions, assigner, services.GetRequiredService<KafkaInputPartitions>(), settings, status,
            services.GetRequiredService<ILogger<SessionRevival>>());
        return new GroupConsumer(Join, sessions, revival, progress);

        GroupClient Join(CancellationToken stop)
        {
            var rebalance = new Rebalance(sessions, assigner, progress, settings, services.GetRequiredService<ILogger<Rebalance>>(), stop);
            return new GroupClient(Config(kafka), services.GetRequiredService<InputTopics>(), rebalance, status,
                services.GetRequiredService<ILogger<GroupClient>>());
        }
    }

    /// <summary>As for the embedded host, but the group decides who reads what.</summary>
    private static ConsumerConfig Config(KafkaSettings kafka)
    {
        var config = kafka.Consumer();
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        config.SessionTimeoutMs = 10_000; // a killed silo's partitions wait that long
        config.HeartbeatIntervalMs = 2_000;
        config.EnableAutoCommit = true; // for tools that show lag: positions are the database's
        config.AutoCommitIntervalMs = 2_000;
        return config;
    }
}
