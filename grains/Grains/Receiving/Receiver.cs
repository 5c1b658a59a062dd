using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Receiving;

/// <summary>Applies and commits what is handed to a silo: it takes items from the inbox, applies them to members, writes one transaction,
/// and answers. One loop; commits strictly in order.</summary>
/// <remarks>
/// <code>
/// parts, wakes, settles ─► inbox ─► gatherer (leave out what was applied) ─► applier (read members that are missing, one call each)
///                                      └─► committer: snapshots, positions, fences, outputs in one transaction ─► answers
/// </code>
/// The next group is applied while the last is written. When a commit does not land, everything after it in memory is void: members and
/// positions are read again, and whoever waits is told to read from the committed position. Thread-safe.
/// </remarks>
public sealed class Receiver : IDisposable
{
    private readonly GroupOpener opener;
    private readonly GroupGatherer gatherer;
    private readonly GroupApplier applier;
    private readonly GroupCommitter committer;
    private readonly GrainsSettings settings;
    private readonly ILogger<Receiver> log;
    private readonly Inbox inbox;
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;
    private Task<bool> committing = Task.FromResult(true);
    private volatile bool lost; // a commit did not land: members and positions in memory must be read again

    internal Receiver(GroupOpener opener, GroupGatherer gatherer, GroupApplier applier, GroupCommitter committer,
        IOptions<GrainsSettings> settings, ILogger<Receiver> log)
    {
        this.opener = opener;
        this.gatherer = gatherer;
        this.applier = applier;
        this.committer = committer;
        this.settings = settings.Value;
        this.log = log;
        inbox = new Inbox(settings.Value.Inbox);
    }

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
            if (lost) await DropMemoryAsync();
            gatherer.Look();
            var items = inbox.Take(settings.MaxRecords);
            if (items.Count > 0 || (committing.IsCompleted && committer.Wants(opener.Now))) await ProcessAsync(items);
        }

        await committing;
    }

    private async Task ProcessAsync(List<InboxItem> items)
    {
        var work = opener.Open();
        if (!await ApplyAsync(work, items) || !await committing)
        {
            work.End(ReceiverAnswer.Failed);
            await DropMemoryAsync();
        }
        else if (work.HasWork || committer.Wants(work.Group.Now))
        {
            committing = CommitAsync(work);
        }
        else
        {
            work.End(ReceiverAnswer.Landed); // all of it was applied before
        }
    }

    private async Task<bool> ApplyAsync(GroupWork work, List<InboxItem> items)
    {
        try
        {
            foreach (var item in items) await gatherer.AddAsync(work, item, () => committing, stop.Token);
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

    private async Task<bool> CommitAsync(GroupWork work)
    {
        var delivery = await committer.CommitAsync(work, stop.Token);
        if (delivery != ReceiverAnswer.Landed) lost = true; // set before the callers are answered, because they send the same records again
        work.End(delivery);
        return delivery == ReceiverAnswer.Landed;
    }

    private async Task DropMemoryAsync()
    {
        await committing;
        lost = false;
        gatherer.Forget();
        committing = Task.FromResult(true);
    }
}
