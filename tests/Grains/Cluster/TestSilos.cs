using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;
using Streaming.Grains.Actors;
using Streaming.Grains.Placement;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;
using Streaming.Grains.Tests.Storage;
using Streaming.Grains.Wakes;
using Streaming.Members.Events;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Cluster;

/// <summary>Silos in this process over one store, without sockets: they meet in memory, so that no port can be taken.</summary>
public sealed class TestSilos : IAsyncDisposable, IInputPartitions
{
    public const int Buckets = 16;

    private readonly InProcessTestCluster cluster;

    private TestSilos(int silos, string rules, OpenedStore store, Landings landings, Action<ISiloBuilder> more,
        Action<GrainsSettings> settings)
    {
        Rules = new TestRules(rules);
        Store = store.Store;
        Outboxes = store.Outboxes;
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.InitializeClientOnDeploy = false;
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Warning));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseInMemoryReminderService();
            silo.AddMembers();
            silo.Configure<ClusterMembershipOptions>(o =>
            {
                // A killed silo says so itself; one that is only slow on a busy machine must not be taken for dead, since that ends its
                // process: the tests.
                o.ProbeTimeout = TimeSpan.FromSeconds(20);
                o.NumMissedProbesLimit = 3;
            });
            silo.Services.Configure<GrainsSettings>(s =>
            {
                s.Buckets = Buckets;
                s.LookEvery = TimeSpan.FromDays(1); // a test says when to look
                s.RetryFor = TimeSpan.FromSeconds(5);
                settings(s);
            });
            silo.Services.AddSingleton(Store);
            silo.Services.AddSingleton<IClusterRules>(Rules);
            silo.Services.AddSingleton<ISiloOutbox>(_ => new TestOutbox(store.Outboxes, landings));
            silo.Services.AddSingleton<IInputPartitions>(this);
            silo.Services.AddSingleton(new PseudonymKey(new byte[32]));
            silo.Services.AddSingleton(new MemberClock(Clock));
            more(silo);
        });
        cluster = builder.Build();
    }

    public ManualClock Clock { get; } = new(DateTimeOffset.UnixEpoch);

    public TestRules Rules { get; }

    public IClusterStore Store { get; }

    public IOutboxes Outboxes { get; }

    /// <summary>Silos that live.</summary>
    public IReadOnlyList<InProcessSiloHandle> Alive => [.. cluster.Silos.Where(s => s.IsActive)];

    /// <summary>The inputs never change.</summary>
    public (IReadOnlyCollection<InputPartition> All, long AskedAt) Now => (All, long.MaxValue);

    public IReadOnlyCollection<InputPartition> All { get; } = [.. Enum.GetValues<Topic>().Select(t => new InputPartition(t.ToString(), 0))];

    /// <summary>Starts silos.</summary>
    /// <param name="more">What else each of them has.</param>
    /// <param name="settings">What is set otherwise.</param>
    public static async Task<TestSilos> StartAsync(int silos, string rules, OpenedStore store, Landings landings,
        Action<ISiloBuilder>? more = null, Action<GrainsSettings>? settings = null)
    {
        var made = new TestSilos(silos, rules, store, landings, more ?? (_ => { }), settings ?? (_ => { }));
        await made.cluster.DeployAsync();
        return made;
    }

    /// <summary>A service of the first silo that lives.</summary>
    public T Service<T>() where T : notnull => cluster.GetSiloServiceProvider(Alive[0].SiloAddress).GetRequiredService<T>();

    /// <summary>A service of one silo.</summary>
    public T ServiceOf<T>(SiloAddress silo) where T : notnull => cluster.GetSiloServiceProvider(silo).GetRequiredService<T>();

    /// <summary>The map as that silo sees it.</summary>
    public ClusterMap Map => Service<ClusterMap>();

    public Task KillAsync(SiloAddress silo) => cluster.KillSiloAsync(cluster.Silos.Single(s => s.SiloAddress.Equals(silo)));

    public Task StopAsync(SiloAddress silo) => cluster.StopSiloAsync(cluster.Silos.Single(s => s.SiloAddress.Equals(silo)));

    public Task JoinAsync() => cluster.StartAdditionalSiloAsync();

    public async ValueTask DisposeAsync() => await cluster.DisposeAsync();
}
