using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;
using Streaming.Engine.Batches;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Grains;
using Streaming.Grains.Actors;
using Streaming.Grains.Storage;
using Streaming.Grains.Wakes;
using Streaming.Members.Rules;
using Streaming.Silo.Storage.Postgres;

namespace Streaming.Loadtests.Ladder.Grains;

/// <summary>Silos in this process, without sockets between them: what is counted are
/// messages and their bytes as they would go over one.</summary>
internal sealed class MeasuredSilos : IAsyncDisposable, IInputPartitions
{
    private readonly InProcessTestCluster cluster;
    private readonly IAsyncDisposable? owned;

    private MeasuredSilos(int silos, IClusterStore store, IOutboxes outboxes, IAsyncDisposable? owned)
    {
        Store = store;
        this.owned = owned;
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.InitializeClientOnDeploy = false;
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Error));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseInMemoryReminderService();
            silo.AddMembers();
            silo.Services.AddSingleton(store);
            silo.Services.AddSingleton<IClusterRules>(new DefaultRules());
            silo.Services.AddSingleton<ISiloOutbox>(_ => new CountingOutbox(outboxes, this));
            silo.Services.AddSingleton<IInputPartitions>(this);
            silo.Services.AddSingleton(new PseudonymKey(new byte[32]));
        });
        cluster = builder.Build();
    }

    private long applied, commits;

    /// <summary>The truth they share.</summary>
    public IClusterStore Store { get; }

    /// <summary>Events that are durable.</summary>
    public long Applied => Interlocked.Read(ref applied);

    /// <summary>Commits that landed.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <summary>The services of each silo.</summary>
    public IReadOnlyList<IServiceProvider> Silos => [.. cluster.Silos.Select(s => cluster.GetSiloServiceProvider(s.SiloAddress))];

    /// <summary>Nothing is proven: nobody is woken.</summary>
    public (IReadOnlyCollection<InputPartition> All, long AskedAt) Now => ([], 0);

    /// <summary>Starts them over memory, or over a database emptied before.</summary>
    public static async Task<MeasuredSilos> StartAsync(int silos, string? database, CancellationToken stop)
    {
        var buckets = new GrainsSettings().Buckets;
        if (database is null)
        {
            var memory = new MemoryClusterStore(buckets, TimeProvider.System);
            return await StartAsync(new MeasuredSilos(silos, memory, memory.Outboxes, null));
        }

        var source = await PostgresSettings.ReachAsync(database, stop);
        await MeasuredDatabase.EmptyAsync(source, stop);
        await PostgresSchema.ApplyAsync(source, stop);
        return await StartAsync(new MeasuredSilos(silos, new PostgresClusterStore(source, buckets), new PostgresOutboxes(source), source));
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        if (owned is not null) await owned.DisposeAsync();
    }

    private static async Task<MeasuredSilos> StartAsync(MeasuredSilos made)
    {
        await made.cluster.DeployAsync();
        return made;
    }

    private sealed class DefaultRules : IClusterRules
    {
        public RuleSet Current { get; } = RulesLoader.Load("{}").Rules!;

        public ValueTask KnowAsync(IEnumerable<ulong> hashes, CancellationToken cancel) => ValueTask.CompletedTask;

        public RuleSet Find(ulong hash) => Current;
    }

    /// <summary>Commits land in an outbox nobody sends from.</summary>
    private sealed class CountingOutbox(IOutboxes outboxes, MeasuredSilos silos) : ISiloOutbox
    {
        private OutboxLease? lease;
        private long number;

        public bool Wants(long now) => false;

        public async Task<CommitHead> NextAsync(long now, CancellationToken cancel)
        {
            lease ??= await outboxes.ClaimAsync("cost", TimeSpan.FromHours(1), cancel);
            return new CommitHead(lease, number + 1, [], new Progress(number, number, number), default);
        }

        public void Landed(SiloCommit commit, IReadOnlyList<BatchCounts> counts, CommitTrail trail)
        {
            number = commit.Number;
            Interlocked.Increment(ref silos.commits);
            Interlocked.Add(ref silos.applied, counts.Sum(c => c.Applied.Sum()));
        }

        public Task LostAsync(CancellationToken cancel) =>
            throw new InvalidOperationException("A commit did not land: the figures would mean nothing.");
    }
}
