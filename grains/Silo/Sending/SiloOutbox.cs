using Microsoft.Extensions.Logging;
using Streaming.Engine.Batches;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;

namespace Streaming.Silo.Sending;

/// <summary>The outbox this silo holds for as long as it runs, and what sends from it.</summary>
/// <remarks>
/// A silo that was away for longer than its lease has lost the outbox to another, which sends from it: it cannot know what became of its
/// last commit, so it ends (<see cref="Lost"/>) and starts anew.
/// </remarks>
internal sealed class SiloOutbox : ISiloOutbox, IAsyncDisposable
{
    private readonly Lock gate = new();
    private long number;
    private Progress recorded;
    private bool underWay, doubt;

    private SiloOutbox(OutboxSenderParts parts, Senders senders, HostStatus status)
    {
        (Parts, Senders, Status) = (parts, senders, status);
        number = senders.Outbox.LastCommit;
        Lost = senders.Lost.Token;
        senders.Start(RecordAsync);
    }

    /// <summary>What every outbox of this silo is sent with.</summary>
    public OutboxSenderParts Parts { get; }

    /// <summary>What this silo counts.</summary>
    public HostStatus Status { get; }

    /// <summary>What sends.</summary>
    public Senders Senders { get; }

    /// <summary>Cancelled once this silo cannot go on with its outbox: another holds it, or <see cref="Senders.Fault"/> says why.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Number of the last durable commit.</summary>
    public long Durable => Interlocked.Read(ref number);

    /// <summary>Takes an outbox and begins to send what waits in it.</summary>
    /// <exception cref="StoreException">The database is away or refuses.</exception>
    public static async Task<SiloOutbox> ClaimAsync(OutboxSenderParts parts, string owner, HostStatus status, CancellationToken cancel)
    {
        var lease = await parts.Outboxes.ClaimAsync(owner, parts.Settings.Lease, cancel);
        try
        {
            var senders = await Senders.OpenAsync(parts, lease, cancel);
            parts.Log.OutboxClaimed(lease.Writer, senders.Outbox.LastCommit + 1);
            return new SiloOutbox(parts, senders, status);
        }
        catch
        {
            await ReleaseAsync(parts, lease);
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Wants(long now) => Senders.Forming.Due(now) || Status.HealthDue(now);

    /// <inheritdoc/>
    public async Task<CommitHead> NextAsync(long now, CancellationToken cancel)
    {
        await WaitForRoomAsync(cancel);
        if (doubt) await ResumeAsync(cancel);
        lock (gate)
        {
            underWay = true;
            var (blocks, formed) = Senders.Forming.Form(number + 1, now, all: false);
            return new CommitHead(Senders.Outbox.Lease, number + 1, blocks, new Progress(number + 1, Senders.Messages.Sent, formed),
                Status.HealthChunk(now));
        }
    }

    /// <inheritdoc/>
    public void Landed(SiloCommit commit, IReadOnlyList<BatchCounts> counts, CommitTrail trail)
    {
        lock (gate)
        {
            Senders.Landed(commit, trail.Traces);
            Interlocked.Exchange(ref number, commit.Number);
            recorded = commit.Progress;
            underWay = false;
        }

        Status.Committed(counts, commit.Number, trail.Applied, trail.Written);
    }

    /// <inheritdoc/>
    public Task LostAsync(CancellationToken cancel)
    {
        lock (gate) doubt = true;
        return ResumeAsync(cancel);
    }

    /// <summary>Sends what there is, at most this long, and gives the outbox back, so
    /// that another may go on with the rest at once.</summary>
    public async Task StopAsync(TimeSpan most)
    {
        await Senders.DrainAsync(most);
        try
        {
            await RecordAsync();
        }
        catch (Exception e) when (e is StoreException or FencedException)
        {
            Parts.Log.OutboxNotRecorded(Senders.Outbox.Lease.Writer, e.Message);
        }

        await DisposeAsync();
        await ReleaseAsync(Parts, Senders.Outbox.Lease);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Senders.DisposeAsync();

    /// <summary>Gives an outbox back; where the database is away it is free when its lease ends.</summary>
    private static async Task ReleaseAsync(OutboxSenderParts parts, OutboxLease lease)
    {
        try
        {
            await parts.Outboxes.ReleaseAsync(lease, CancellationToken.None);
        }
        catch (StoreException e)
        {
            parts.Log.OutboxNotReleased(lease.Writer, e.Message);
        }
    }

    /// <summary>Waits while the outbox exceeds the spool limit; intake stops meanwhile.</summary>
    private async Task WaitForRoomAsync(CancellationToken cancel)
    {
        while (Senders.Outbox.SpoolBytes > Parts.Settings.SpoolLimit)
        {
            Status.Held = $"outbox {Senders.Outbox.Lease.Writer} is full ({Senders.Outbox.SpoolBytes >> 20} MiB of " +
                $"{Parts.Settings.SpoolLimit >> 20}): Kafka or ClickHouse is away or too slow";
            await Task.Delay(200, cancel);
        }

        Status.Held = null;
    }

    private async Task ResumeAsync(CancellationToken cancel)
    {
        try
        {
            var last = await Senders.ResumeAsync(cancel);
            lock (gate)
            {
                Interlocked.Exchange(ref number, last);
                underWay = doubt = false;
            }
        }
        catch (LeaseLostException e)
        {
            await Senders.Lost.CancelAsync();
            throw new StoreException(e.Message, false, e);
        }
    }

    /// <summary>Records how far the senders are while no commit does.</summary>
    private Task RecordAsync()
    {
        Progress progress;
        lock (gate)
        {
            if (underWay || doubt) return Task.CompletedTask;
            progress = new Progress(number, Senders.Messages.Sent, Senders.Forming.Empty ? number : Senders.Forming.Formed);
            if (progress == recorded) return Task.CompletedTask;
        }

        return Task.Run(() =>
        {
            Senders.Outbox.Passed(progress);
            lock (gate) recorded = progress;
        });
    }
}
