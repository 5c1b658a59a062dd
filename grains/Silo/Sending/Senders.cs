using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Sending;
using Streaming.Contract.Messages;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Engine.Tracing;
using Streaming.Grains.Storage;
using Streaming.Kafka.Client;
using Streaming.Kafka.Sending;

namespace Streaming.Silo.Sending;

/// <summary>What sends from one held outbox: the pipeline's own senders, and the renewal of the lease they rely on.</summary>
internal sealed class Senders : IAsyncDisposable
{
    private readonly OutboxSenderParts parts;
    private readonly CancellationTokenSource stop = new();
    private Task delivering = Task.CompletedTask;
    private Task renewing = Task.CompletedTask;

    private Senders(OutboxSenderParts parts, LeasedOutbox outbox, LeaseTerm term)
    {
        this.parts = parts;
        Outbox = outbox;
        Term = term;
        var writer = parts.Writer(outbox.Lease);
        Messages = new KafkaSink(outbox, parts.Kafka, "", parts.Logs.CreateLogger("Streaming.Kafka")) 
        {
            Sending = parts.Sending,
            Took = parts.Metrics.Acknowledged,
            Fault = End,
        };
        ClickHouse = new ClickHouseDelivery(parts.ClickHouse, parts.Sender, outbox, writer, parts.Prepare, parts.Logs)
        {
            Took = parts.Metrics.Landed,
        };
        Forming = NewForming();
    }

    /// <summary>The outbox.</summary>
    public LeasedOutbox Outbox { get; }

    /// <summary>Until when it is held.</summary>
    public LeaseTerm Term { get; }

    /// <summary>The sender of messages.</summary>
    public KafkaSink Messages { get; }

    /// <summary>Delivery to ClickHouse.</summary>
    public ClickHouseDelivery ClickHouse { get; }

    /// <summary>Rows on their way into blocks.</summary>
    public BlockForming Forming { get; private set; }

    /// <summary>Cancelled once this process cannot send from the outbox any more: another holds
    /// it, or sending is at its end (<see cref="Fault"/>).</summary>
    public CancellationTokenSource Lost { get; } = new();

    /// <summary>Why sending to Kafka or delivery to ClickHouse is at its end; null while it is not.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Opens an outbox; nothing is sent before <see cref="Start"/>.</summary>
    /// <inheritdoc cref="LeasedOutbox.OpenAsync" path="/exception"/>
    public static async Task<Senders> OpenAsync(OutboxSenderParts parts, OutboxLease lease, CancellationToken cancel)
    {
        var term = new LeaseTerm(parts.Settings.Lease, SiloOutboxSettings.Needed(parts.ClickHouse), TimeProvider.System);
        var outbox = await LeasedOutbox.OpenAsync(parts.Outboxes, lease, term, cancel);
        return await Task.Run(() => new Senders(parts, outbox, term), cancel);
    }

    /// <summary>Begins to send and to renew.</summary>
    /// <param name="renewed">Called after each renewal.</param>
    public void Start(Func<Task> renewed)
    {
        Messages.Start();
        delivering = Task.Run(DeliverAsync);
        renewing = Task.Run(() => RenewAsync(renewed));
    }

    /// <summary>A commit is durable: what it caused may leave.</summary>
    public void Landed(SiloCommit commit, MessageTraces? traces)
    {
        var outputs = commit.Outputs.ToArray();
        Outbox.Landed(commit);
        Forming.Durable(commit.Number, outputs, commit.Progress.Formed);
        Messages.Durable(commit.Number, outputs, traces);
    }

    /// <summary>Forgets what was formed for a commit that may not have landed, and takes
    /// up what did; gives the number of the last that did.</summary>
    public async Task<long> ResumeAsync(CancellationToken cancel)
    {
        await Outbox.ResumeAsync(parts.Outboxes, cancel);
        Forming = await Task.Run(() => NewForming(), cancel);
        Messages.Durable(Outbox.LastCommit);
        ClickHouse.Notify();
        return Outbox.LastCommit;
    }

    /// <summary>Waits until everything of the commits up to here is sent and landed, at most this long.</summary>
    public async Task DrainAsync(TimeSpan most)
    {
        await Task.Run(() => Messages.Drain(most / 2));
        await ClickHouse.DrainAsync(most / 2);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.Run(Messages.Dispose);
        await delivering;
        await renewing;
        ClickHouse.Dispose();
        stop.Dispose();
        Lost.Dispose();
    }

    private BlockForming NewForming() => new(Outbox, parts.Writer(Outbox.Lease), parts.Blocks) { Ready = ClickHouse.Notify };

    private async Task DeliverAsync()
    {
        try
        {
            await ClickHouse.RunAsync(stop.Token);
        }
#pragma warning disable CA1031 // whatever it is, it ends the silo with its sentence: blocks would wait for nobody
        catch (Exception e)
#pragma warning restore CA1031
        {
            parts.Log.DeliveryEnded(Outbox.Lease.Writer, e.Message, e is StoreException or FencedException ? null : e);
            Fault = e;
            await Lost.CancelAsync();
        }
    }

    /// <summary>The sender of messages cannot go on; called by its thread, which is joined by what is cancelled here.</summary>
    private void End(Exception e)
    {
        parts.Log.SendingEnded(Outbox.Lease.Writer, e.Message, e is StoreException or FencedException ? null : e);
        Fault = e;
        _ = Lost.CancelAsync();
    }

    private async Task RenewAsync(Func<Task> renewed)
    {
        using var timer = new PeriodicTimer(parts.Settings.Lease / SiloOutboxSettings.RenewalsPerLease);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try
                {
                    var asked = Term.Asking();
                    if (!await parts.Outboxes.RenewAsync(Outbox.Lease, parts.Settings.Lease, stop.Token))
                    {
                        await Lost.CancelAsync();
                        return;
                    }

                    Term.Granted(asked);
                    await renewed();
                }
                catch (StoreException e)
                {
                    parts.Log.LeaseNotRenewed(Outbox.Lease.Writer, Term.Left.TotalSeconds, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            parts.Log.LeaseEnds(Outbox.Lease.Writer);
        }
    }
}

/// <summary>What senders are made of, the same for every outbox of a silo.</summary>
internal sealed record OutboxSenderParts
{
    public required IOutboxes Outboxes { get; init; }

    public required SiloOutboxSettings Settings { get; init; }

    public required KafkaSettings Kafka { get; init; }

    public required ClickHouseSettings ClickHouse { get; init; }

    public required SenderSettings Sender { get; init; }

    public required BlockSettings Blocks { get; init; }

    /// <summary>The cluster's generation in ClickHouse; the writer is the outbox.</summary>
    public required ulong Generation { get; init; }

    /// <summary>Brings the tables in ClickHouse about.</summary>
    public required Func<IClickHouse, CancellationToken, Task> Prepare { get; init; }

    /// <summary>Told of every message that is about to be sent.</summary>
    public required Action<OutputTopic, ReadOnlySpan<byte>> Sending { get; init; }

    /// <summary>Told how long sending and landing take.</summary>
    public required PipelineMetrics Metrics { get; init; }

    public required ILoggerFactory Logs { get; init; }

    public ILogger Log => Logs.CreateLogger("Streaming.Outbox");

    public WriterIdentity Writer(OutboxLease lease) => new(Generation, lease.Writer);
}
