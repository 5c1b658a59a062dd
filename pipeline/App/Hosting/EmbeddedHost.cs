using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Migrating;
using Streaming.ClickHouse.Sending;
using Streaming.Common.CommandLine;
using Streaming.Engine.Batches;
using Streaming.Engine.Commits;
using Streaming.Engine.Rows;
using Streaming.Engine.Rules;
using Streaming.Engine.Shards;
using Streaming.Engine.Sources;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Engine.Turns;
using Streaming.Kafka.Sending;
using Streaming.Members;
using Streaming.Ops.Hosting;

namespace Streaming.App.Hosting;

/// <summary>The pipeline on one machine. Its constructor is the topology:</summary>
/// <remarks>
/// <code>
/// Kafka ─► source ─► intake ─► shards (decode, member core, outputs) ─► committer ─► store
///                                                                          ├─► Kafka sink ─► Kafka
///                                                                          └─► block builder ─► (store) ─► block sender ─► ClickHouse
/// </code>
/// Each arrow to the right of the committer carries durable commits only. Any fault in a thread of its own stops the whole host:
/// <see cref="Ended"/> completes with it, and the next start recovers from the store.
/// </remarks>
public sealed class EmbeddedHost : ICommitProgress, IAsyncDisposable
{
    private readonly HostSettings settings;
    private readonly HostMode mode;
    private readonly ILoggerFactory logs;
    private readonly ILogger log;
    private readonly IBatchSource source;
    private readonly List<Shard> shards = [];
    private readonly Committer committer;
    private readonly BatchDispatcher batches;
    private readonly Intake intake;
    private readonly HostReport report;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<Exception?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task delivering = Task.CompletedTask;

    /// <summary>Connects the parts. Only the worker threads start here; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="connect">Makes the source; called when the rest of this host is wired.</param>
    /// <param name="mode">Live, or a replay's names and limits.</param>
    public EmbeddedHost(HostSettings settings, HostedStore hosted, HostMode mode, Func<EmbeddedHost, IBatchSource> connect,
        ILoggerFactory logs)
    {
        var (store, identity, rules) = hosted;
        this.settings = settings;
        this.mode = mode;
        this.logs = logs;
        Store = store;
        Identity = identity;
        Rules = rules;
        log = logs.CreateLogger("Streaming.App");
        Poison = new PoisonLog(log);
        Status = new HostStatus { MeasuresLatency = mode.MeasuresLatency };
        var count = settings.Shards.EffectiveShards;

        Messages = new KafkaSink(store, settings.Kafka, mode.Prefix, logs.CreateLogger("Streaming.Kafka")) 
        {
            Sending = Status.Latest.Add,
            Took = Status.Metrics.Acknowledged,
            Fault = Fault,
        };
        ClickHouse = new ClickHouseDelivery(settings.ClickHouse, settings.Sender, store, identity.Writer, PrepareAsync, logs)
        {
            Took = Status.Metrics.Landed,
        };
        var forming = new BlockForming(store, identity.Writer, settings.Blocks) { Ready = ClickHouse.Notify };
        var pool = new BatchPool(settings.Commit.InFlight, () => new Batch(count) { Rules = rules.Current });
        committer = new Committer(
            new RetryingWriter(store, settings.Commit, Status, log), forming, Messages, Status, pool, Fault);
        var history = new CommitHistory(store, rules, committer.Durable);
        for (var i = 0; i < count; i++) shards.Add(MakeShard(new MemberShare(i, count), history));
        batches = new BatchDispatcher(pool, shards, committer, rules, store.Head, Status);
        source = connect(this);
        intake = new Intake(source, new IntakeGate(store, settings.Commit, batches, Status), batches,
            new Recovery(history, store.Head, batches, Status), new BlockedFact(store.Facts, Status), Fault);
        report = new HostReport
        {
            Status = Status,
            Outbox = store,
            Messages = Messages,
            ClickHouse = ClickHouse,
            Bootstrap = settings.Kafka.Bootstrap,
            Source = () => source.Status,
            Durable = () => Durable,
            Members = () => Status.Members,
            CommitFailure = () => Status.CommitFailure,
            Parked = () => store.Parked.Count,
        };
        Status.Probe = () => HealthReport.Of(Report(), "", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    /// <summary>Completes when the host has stopped: with null after <see cref="StopAsync"/>, else with what went wrong.</summary>
    public Task<Exception?> Ended => ended.Task;

    /// <summary>What the host knows of itself.</summary>
    public HostStatus Status { get; }

    /// <summary>Counts the records and members this program failed on.</summary>
    public PoisonLog Poison { get; }

    /// <summary>How the source is.</summary>
    public SourceStatus Source => source.Status;

    /// <summary>The sender of messages.</summary>
    public KafkaSink Messages { get; }

    /// <summary>Delivery to ClickHouse.</summary>
    public ClickHouseDelivery ClickHouse { get; }

    /// <summary>The store.</summary>
    public IStore Store { get; }

    /// <summary>Generation and pseudonym key.</summary>
    public StoreIdentity Identity { get; }

    /// <summary>The rules.</summary>
    public RulesBook Rules { get; }

    /// <summary>The last durable commit.</summary>
    public long Durable => committer.Durable.Last;

    /// <summary>The last batch handed to the shards; durable a moment later.</summary>
    public long LastPosted => batches.LastPosted;

    /// <inheritdoc/>
    public long Sent => Messages.Sent;

    /// <inheritdoc/>
    StoreHead ICommitProgress.Head => Store.Head;

    /// <inheritdoc/>
    ConcurrentDictionary<int, long> ICommitProgress.SignalEnds => Messages.SignalEnds;

    /// <inheritdoc/>
    void ICommitProgress.WaitForProgress(TimeSpan most) => Messages.WaitForProgress(most);

    /// <summary>When the next wake of any member may be due, epoch milliseconds.</summary>
    public long NextDue => batches.NextDue;

    /// <summary>How it is at this moment.</summary>
    public OpsStatus Report() => report.Report();

    /// <summary>Starts reading.</summary>
    public void Start()
    {
        Messages.Start();
        delivering = Task.Run(DeliverAsync);
        intake.Start();
    }

    /// <summary>A member's state as of a durable commit, or null for an unknown member.</summary>
    public async Task<Member?> MemberAsync(string id, CancellationToken cancel)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(id);
        if (bytes.Length is 0 or > Member.MaxIdBytes) return null;
        var query = new MemberQuery(bytes);
        shards[MemberShare.Of(StableHash.Of(bytes), shards.Count)].Post(query);
        var answer = await query.Task.WaitAsync(cancel);
        if (answer.Snapshot is null) return null;
        await committer.Durable.When(answer.Batch).WaitAsync(cancel);
        var member = new Member();
        member.Reset(bytes);
        member.Read(answer.Snapshot);
        return member;
    }

    /// <summary>Completes once everything applied so far is durable, sent and landed in ClickHouse, and its tables are prepared though
    /// nothing was applied; or the time is over, or ClickHouse's operator must act first (then false).</summary>
    public async Task<bool> SettleAsync(TimeSpan most, CancellationToken cancel)
    {
        var until = DateTimeOffset.UtcNow + most;
        while (DateTimeOffset.UtcNow < until && ClickHouse.Refused is null)
        {
            var number = Durable;
            if (committer.Formed >= number - 1 && Messages.Sent >= number && Store.BlocksWaiting == 0 && ClickHouse.Migrated) return true;
            await Task.Delay(20, cancel);
        }

        return false;
    }

    /// <summary>Stops in order: intake, every changed member into the store, messages,
    /// blocks. What is not sent in time waits in the store.</summary>
    /// <remarks>A commit that cannot be written by then is given up: <see cref="Ended"/> has
    /// the reason, and the next start reads its inputs again.</remarks>
    public async Task StopAsync(TimeSpan most)
    {
        committer.GiveUpAfter(most / 2);
        intake.Stop();
        committer.Complete();
        foreach (var shard in shards) shard.Dispose();
        await Task.Run(() => Messages.Drain(most / 2));
        Messages.Dispose();
        await ClickHouse.DrainAsync(most / 2);
        await stop.CancelAsync();
        await delivering;
        ended.TrySetResult(null);
    }

    /// <summary>Stops what still runs, at once, and disposes of everything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!ended.Task.IsCompleted) await StopAsync(TimeSpan.Zero);
        source.Dispose();
        ClickHouse.Dispose();
        intake.Dispose();
        committer.Dispose();
        stop.Dispose();
        Status.Dispose();
    }

    private Shard MakeShard(MemberShare share, CommitHistory history)
    {
        var snapshotBytes = settings.Shards.EffectiveSnapshotBytes(settings.Commit.SpoolLimit);
        var members = new ShardMembers(share, Store, committer.Durable, settings.Shards, snapshotBytes);
        var output = new ShardOutput(new RowCollector(Identity.PseudonymKey), mode.SendsEffects);
        return new Shard(new BatchApplier(members, history, output, Poison, settings.Shards.WakesPerSegment), settings.Shards.Mailbox);
    }

    private async Task DeliverAsync()
    {
        try
        {
            await ClickHouse.RunAsync(stop.Token);
        }
#pragma warning disable CA1031 // told to the host, which stops the process with the sentence
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fault(e);
        }
    }

    private void Fault(Exception e)
    {
        if (!ended.TrySetResult(e)) return; // later faults follow from the first one, which is logged already
        log.PipelineStops(Durable, e.Message, e is IUserFailure or KafkaException ? null : e);
    }

    private async Task PrepareAsync(IClickHouse clickhouse, CancellationToken cancel)
    {
        await new Migrator(clickhouse, logs.CreateLogger<Migrator>()).RunAsync(cancel);
        if (mode.Current) await new Generations(clickhouse).SwitchAsync(Identity.Writer, cancel);
    }
}

/// <summary>Whether a host runs live or replays, and what it sends.</summary>
/// <param name="Prefix">What the names of all its topics begin with; empty for the contract's own.</param>
/// <param name="SendsEffects">True when alerts, rewards, care actions and changes are sent.</param>
/// <param name="Current">True when the views of ClickHouse read this store's generation as soon as it writes.</param>
public sealed record HostMode(string Prefix, bool SendsEffects, bool Current)
{
    /// <summary>The live pipeline.</summary>
    public static HostMode Live { get; } = new("", true, true) { MeasuresLatency = true };

    /// <summary>True when records are sent as their events happen, so that their age is the pipeline's latency. Default false.</summary>
    public bool MeasuresLatency { get; init; }
}
