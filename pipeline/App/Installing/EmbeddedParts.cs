using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Streaming.App.Broker;
using Streaming.App.Children;
using Streaming.App.Hosting;
using Streaming.Kafka.Client;
using Streaming.Kafka.Reading;
using Streaming.LocalClickHouse.Access;

namespace Streaming.App.Installing;

/// <summary>The broker and ClickHouse an installation uses: started here as child processes, or provided by the operator.</summary>
/// <param name="settings">The installation's settings.</param>
/// <param name="topics">What must be there.</param>
/// <param name="logs">Where what matters is logged.</param>
internal sealed class EmbeddedParts(UpSettings settings, IReadOnlyList<string> topics, ILoggerFactory logs)
    : IHostedService, IAsyncDisposable
{
    private EmbeddedBroker? broker;
    private ChildSupervisor? clickhouse;
    private TaskCompletionSource<string> life = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IAdminClient? admin;
    private bool disposed;

    /// <summary>host:port of Kafka.</summary>
    public string Kafka { get; private set; } = "";

    /// <summary>URL of ClickHouse's HTTP interface.</summary>
    public string ClickHouse { get; private set; } = "";

    /// <summary>Who may use the ClickHouse that was started here; null when it is somebody else's.</summary>
    public ClickHouseUsers? ClickHouseUsers { get; private set; }

    /// <summary>True when the broker was started here. The settings no longer tell: they name its address from then on.</summary>
    public bool OwnsBroker => broker is not null;

    /// <summary>True when the broker keeps little and forgets at a restart: whoever sends much must pace itself.</summary>
    public bool KeepsLogInMemory { get; private set; }

    /// <summary>Tells one incarnation of the broker's log from the next.</summary>
    public ITopicIdentity Identity { get; private set; } = null!;

    /// <summary>The settings of a host that uses these parts.</summary>
    public HostSettings Hosting => ClickHouseUsers is { } users
        ? settings.Host with { ClickHouse = ClickHouseChild.Client(settings.Host.ClickHouse with { Url = ClickHouse }, users) }
        : settings.Host;

    /// <summary>Starts what is to be embedded, both at once, and connects to the rest.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        KafkaNative.Load();
        if (!settings.EmbeddedKafka)
            await BrokerReach.CheckAsync(settings.Host.Kafka, BrokerReach.Start, logs.CreateLogger("Streaming"), cancellationToken);
        await Task.WhenAll(StartBrokerAsync(cancellationToken), StartClickHouseAsync(cancellationToken));
        settings.Host.Kafka.Bootstrap = Kafka;
        admin = new AdminClientBuilder(settings.Host.Kafka.Admin()).SetLogHandler((_, _) => { }).Build();
        Identity ??= new BrokerTopicIdentity(admin);
        await TopicSetup.EnsureAsync(admin, topics, settings.Host.Kafka.Partitions);
    }

    /// <summary>Does nothing, because the pipeline still uses the parts. The children end when this object is disposed.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Removes a finished replay's topics; a broker that cannot (the embedded mock) forgets them at its end.</summary>
    public async Task DeleteTopicsAsync(IReadOnlyList<string> topics)
    {
        if (KeepsLogInMemory || admin is null) return;
        try
        {
            await admin.DeleteTopicsAsync(topics);
        }
        catch (KafkaException e)
        {
            logs.CreateLogger("Streaming").ReplayTopicsKept(topics[0], e.Error.Reason);
        }
    }

    /// <summary>Ends the children. Calling it again does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true)) return;
        admin?.Dispose();
        await Task.WhenAll(Stop(broker), Stop(clickhouse));

        static Task Stop(IAsyncDisposable? part) => part?.DisposeAsync().AsTask() ?? Task.CompletedTask;
    }

    private async Task StartBrokerAsync(CancellationToken stop)
    {
        if (!settings.EmbeddedKafka)
        {
            Kafka = settings.Host.Kafka.Bootstrap;
            return;
        }

        broker = new EmbeddedBroker(
            new EmbeddedBrokerOptions
            {
                DataDirectory = settings.Data,
                Port = settings.KafkaPort,
                Topics = [.. topics.Select(t => new TopicSpec(t, settings.Host.Kafka.Partitions,
                    t.EndsWith("dead-letters", StringComparison.Ordinal) ? TopicSetup.DeadLetterBytes : null))],
            },
            logs.CreateLogger<EmbeddedBroker>());
        await broker.StartAsync(stop);
        Kafka = broker.BootstrapServers;
        if (broker.Life is not { } first) return;
        KeepsLogInMemory = true;
        // the mock cluster's transaction markers have no checksum and would block their partition
        settings.Host.Kafka.Client.TryAdd(KafkaSettings.CheckCrcsProperty, "false");
        life.SetResult(first);
        var identity = new BrokerLogIdentity(cancel => life.Task.WaitAsync(cancel));
        broker.Died += () =>
        {
            life = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            identity.Died();
        };
        broker.Restarted += now => life.TrySetResult(now!);
        Identity = identity;
    }

    private async Task StartClickHouseAsync(CancellationToken stop)
    {
        if (!settings.EmbeddedClickHouse)
        {
            ClickHouse = settings.Host.ClickHouse.Url;
            return;
        }

        var data = Path.Combine(Path.GetFullPath(settings.Data), "clickhouse");
        var port = settings.ClickHousePort;
        var users = ClickHouseUsers.Draw();
        clickhouse = new ChildSupervisor(() => ClickHouseChild.Options(data, port, users), logs.CreateLogger("Streaming.App.ClickHouse"));
        clickhouse.Started += child =>
        {
            ClickHouse = ClickHouseChild.Url(child);
            port = new Uri(ClickHouse).Port;
        };
        ClickHouseUsers = users;
        await clickhouse.StartAsync(stop);
    }
}
