using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streaming.Engine.Storing;
using Streaming.Grains.Actors;
using Streaming.Grains.Placement;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Receiving;

/// <summary>The heart of a silo: takes what waits, applies it to members, writes it in one
/// transaction, answers. One loop; commits strictly in order.</summary>
/// <remarks>
/// <code>
/// parts, wakes, settles ─► inbox ─► group ─► positions (leave out what was applied) ─► members (read those missing, one call each)
///                                     └─► one commit: snapshots, positions, fences, outputs ─► answers
/// </code>
/// The next group is applied while the last is written. When a commit does not land, everything after it in memory is void: members and
/// positions are read again, and whoever waits is told to read from the committed position. Thread-safe.
/// </remarks>
public sealed class Receiver : IDisposable
{
    private readonly ClusterMap map;
    private readonly IClusterRules rules;
    private readonly GrainsSettings settings;
    private readonly MemberClock clock;
    private readonly ILogger<Receiver> log;
    private readonly ISiloOutbox outbox;
    private readonly TurnContextPool contexts;
    private readonly ActiveMembers active;
    private readonly GroupApplier applier;
    private readonly GroupCommitter committer;
    private readonly Positions positions;
    private readonly Inbox inbox;
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;
    private Task<bool> committing = Task.FromResult(true);
    private BucketMap? seen;
    private volatile bool lost; // a commit did not land: what members and positions hold in memory is void
    private long now;
    private ulong announced;

    internal Receiver(
        ClusterMap map, IClusterStore store, IClusterRules rules, ISiloOutbox outbox, TurnContextPool contexts, ActiveMembers active,
        GroupCommitter committer,
        ReceiverStatus status, IOptions<GrainsSettings> settings, MemberClock clock, ILogger<Receiver> log)
    {
        this.map = map;
        this.rules = rules;
        this.outbox = outbox;
        this.contexts = contexts;
        this.active = active;
        this.committer = committer;
        this.settings = settings.Value;
        this.clock = clock;
        this.log = log;
        Status = status;
        applier = new GroupApplier(store, rules);
        positions = new Positions(store, settings.Value.Buckets);
        inbox = new Inbox(settings.Value.Inbox);
    }

    /// <summary>What it did, and whether something holds it up.</summary>
    public ReceiverStatus Status { get; }

    /// <summary>Applies a part and answers once it is durable.</summary>
    public Task<ReceiverAnswer> DeliverAsync(PartitionPart part) => inbox.PostAsync(new InboxItem { Part = part });

    /// <summary>Looks at members that are due, every input up to <paramref name="proven"/>
    /// being durable, and answers once what they did is.</summary>
    public Task<ReceiverAnswer> WakeAsync(IReadOnlyList<byte[]> ids, long proven) =>
        inbox.PostAsync(new InboxItem { Ids = ids, Proven = proven });

    /// <summary>Brings members under the rules in force and answers once they are.</summary>
    public Task<ReceiverAnswer> SettleAsync(IReadOnlyList<byte[]> ids) => inbox.PostAsync(new InboxItem { Ids = ids });

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    internal void Start() => running = Task.Run(RunAsync);

    /// <summary>Takes nothing more in, finishes what it has, and ends; a database that is away is not waited for.</summary>
    internal async Task StopAsync()
    {
        inbox.Close();
        stop.CancelAfter(settings.RetryFor);
        await running;
    }

    private async Task RunAsync()
    {
        while (await inbox.WaitAsync())
        {
            if (lost) await VoidAsync();
            Look();
            var items = inbox.Take(settings.MaxRecords);
            if (items.Count > 0 || (committing.IsCompleted && outbox.Wants(Milliseconds))) await TurnAsync(items);
        }

        await committing;
    }

    private async Task TurnAsync(List<InboxItem> items)
    {
        now = Math.Max(now, Milliseconds);
        var work = new GroupWork(new Group(now, rules.Current, new GroupContexts(contexts)), map.Local);
        if (!await ApplyAsync(work, items) || !await committing)
        {
            work.End(ReceiverAnswer.Failed);
            await VoidAsync();
        }
        else if (work.HasWork || outbox.Wants(now))
        {
            committing = CommitAsync(work);
        }
        else
        {
            work.End(ReceiverAnswer.Landed); // all of it was applied before
        }
    }

    private async Task<bool> CommitAsync(GroupWork work)
    {
        var delivery = await committer.CommitAsync(work, stop.Token);
        if (delivery != ReceiverAnswer.Landed) lost = true; // said before anybody who waits can send the same again
        work.End(delivery);
        return delivery == ReceiverAnswer.Landed;
    }

    private async Task<bool> ApplyAsync(GroupWork work, List<InboxItem> items)
    {
        try
        {
            foreach (var item in items) await AddAsync(work, item);
            Announce(work.Group);
            work.Close();
            var began = Stopwatch.GetTimestamp();
            await applier.ApplyAsync(work, () => committing, stop.Token);
            if (items.Any(i => i.Part is not null)) work.ApplyTime = Stopwatch.GetElapsedTime(began);
            return true;
        }
#pragma warning disable CA1031 // nothing of the group was written: it is dropped from memory, and its senders read it again
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.GroupNotApplied(items.Count, e.Message, e is StoreException or FencedException or OperationCanceledException ? null : e);
            foreach (var item in items) item.End(ReceiverAnswer.Failed);
            return false;
        }
    }

    private async Task AddAsync(GroupWork work, InboxItem item)
    {
        if (!Mine(item))
        {
            Status.Refuse();
            item.End(ReceiverAnswer.NotHere);
            return;
        }

        if (item.Part is not { } part)
        {
            work.Add(item, active);
            return;
        }

        if (positions.Find(part) is null)
        {
            await committing; // what it moves is in the database only then
            await positions.LoadAsync(part, stop.Token);
        }

        if (positions.Find(part) is { } found && found.Generation == part.Generation)
        {
            work.Add(item, found, active, map.BucketOf);
            return;
        }

        Status.Refuse();
        item.End(ReceiverAnswer.Fenced);
    }

    /// <summary>Dashboards are told which rules are in force, from the first group under them on.</summary>
    private void Announce(Group group)
    {
        if (group.Rules.Hash == announced) return;
        announced = group.Rules.Hash;
        var context = group.Contexts.Rent();
        context.Output.RulesChanged(group.Rules, group.Now);
        group.Contexts.Return(context);
    }

    private bool Mine(InboxItem item)
    {
        foreach (var id in item.Ids)
        {
            if (!map.IsMine(map.BucketOf(id))) return false;
        }

        if (item.Part is not { } part) return true;
        for (var at = 0; PartRecords.Next(part, ref at, out var record);)
        {
            if (!map.IsMine(map.BucketOf(record.Key))) return false;
        }

        return true;
    }

    /// <summary>Takes note of members that left memory, and of buckets that came or went.</summary>
    private void Look()
    {
        active.Settle();
        Status.InMemory(active.Count);
        var current = map.Current;
        if (ReferenceEquals(current, seen)) return;
        seen = current;
        positions.Forget();
        active.KeepOnly(id => map.IsMine(map.BucketOf(id)));
    }

    private async Task VoidAsync()
    {
        await committing;
        lost = false;
        active.Forget();
        positions.Forget();
        announced = 0;
        committing = Task.FromResult(true);
    }

    private long Milliseconds => clock.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
