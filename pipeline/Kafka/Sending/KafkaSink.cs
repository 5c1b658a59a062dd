using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Streaming.Common.Threads;
using Streaming.Contract.Messages;
using Streaming.Engine.Batches;
using Streaming.Engine.Commits;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Engine.Tracing;
using Streaming.Kafka.Client;

namespace Streaming.Kafka.Sending;

/// <summary>Sends the messages of durable commits, in order, and remembers how far all are acknowledged.</summary>
/// <remarks>
/// Delivery: at least once, with stable ids; after a restart everything after the last recorded acknowledgement is sent again. Ordering:
/// per key, as committed (idempotent producer). Batching: librdkafka's, 1 ms. Failure: a broker that is away is waited for while commits
/// wait on disk, until the spool limit holds intake; a message refused for good is parked and counted, and the next is sent; a store that
/// cannot be read for good ends the sender (<see cref="Fault"/>). The one sending thread reads commits from memory while they are there,
/// else from the store; another takes the reports.
/// </remarks>
public sealed class KafkaSink : IMessageSink, IDisposable
{
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);
    private readonly IOutbox outbox;
    private readonly ILogger log;
    private readonly string[] topics;
    private readonly RecentCommits recent = new();
    private readonly InFlight inFlight;
    private readonly MessageSender sender;
    private readonly AutoResetSignal news = new();
    private readonly AutoResetSignal progress = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Thread thread;
    private long available;
    private long next;
    private bool redriven;

    /// <summary>A sink for one outbox, sending what was not yet acknowledged when it was last closed.</summary>
    /// <param name="outbox">Where the commits are.</param>
    /// <param name="settings">How to reach Kafka.</param>
    /// <param name="prefix">What every topic's name begins with; empty unless the setting TopicPrefix or a replay gives one.</param>
    /// <param name="log">For people.</param>
    public KafkaSink(IOutbox outbox, KafkaSettings settings, string prefix, ILogger log)
    {
        this.outbox = outbox;
        this.log = log;
        topics = [.. OutputTopics.Names(prefix)];
        inFlight = new InFlight(outbox.Progress.Sent);
        sender = new MessageSender(inFlight, outbox.Parked, settings, topics, log)
        {
            Acknowledged = Acknowledged,
            Waiting = news.Set,
            Fault = e => Fault!(e), // set by the time anything is sent
        };
        available = outbox.LastCommit;
        next = Sent + 1;
        thread = new Thread(Run) { IsBackground = true, Name = "kafka-sink" };
    }

    /// <summary>Begins to send. Set <see cref="Sending"/> before.</summary>
    public void Start() => thread.Start();

    /// <summary>All messages of the commits up to here are acknowledged.</summary>
    public long Sent => inFlight.Acknowledged;

    /// <summary>By partition, the end of what this sink has put into the signals topic:
    /// a replay waits until it has read that far itself.</summary>
    public ConcurrentDictionary<int, long> SignalEnds => sender.SignalEnds;

    /// <summary>Messages acknowledged since the start.</summary>
    public long Delivered => sender.Delivered;

    /// <summary>Since when nothing could be delivered, epoch milliseconds; 0 while all is well.</summary>
    public long FailingSince => sender.FailingSince;

    /// <summary>The last error, kept after it is over; null when there was none.</summary>
    public PastError? Error => sender.Error;

    /// <summary>Called with the value of every message that is about to be sent, valid
    /// during the call: what the ops page shows as latest.</summary>
    public Action<OutputTopic, ReadOnlySpan<byte>>? Sending
    {
        get => sender.Sending;
        set => sender.Sending = value;
    }

    /// <summary>Called with the time until all messages of a commit were acknowledged, by the thread that takes reports. Set before
    /// <see cref="Start"/>.</summary>
    public Action<TimeSpan>? Took { get; set; }

    /// <summary>Told, by the thread that ends, why messages cannot be sent any more.</summary>
    public required Action<Exception> Fault { get; init; }

    /// <summary>Full name of every output topic.</summary>
    public IReadOnlyList<string> Topics => topics;

    /// <summary>A commit became durable: its messages may leave. They are copied, while there is room for them in memory.</summary>
    public void Durable(long number, ReadOnlySpan<byte> outputs, MessageTraces? traces = null)
    {
        recent.Keep(number, outputs, traces);
        Durable(number);
    }

    /// <summary>All commits up to this one are durable, even if their messages are not in memory: their messages may leave.</summary>
    public void Durable(long number)
    {
        Interlocked.Exchange(ref available, number);
        news.Set();
    }

    /// <summary>Waits until acknowledgements come in, at most this long.</summary>
    public void WaitForProgress(TimeSpan most) => progress.Wait(most);

    /// <summary>Waits until every durable message is acknowledged, at most this long; false when some are not.</summary>
    public bool Drain(TimeSpan most)
    {
        var until = Environment.TickCount64 + (long)most.TotalMilliseconds;
        while (Sent < Interlocked.Read(ref available) && Environment.TickCount64 < until) progress.Wait(TimeSpan.FromMilliseconds(50));
        return Sent >= Interlocked.Read(ref available);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        news.Set();
        if (thread.IsAlive) thread.Join();
        sender.Dispose();
        stop.Dispose();
    }

    private void Acknowledged(TimeSpan? took)
    {
        if (took is { } time) Took?.Invoke(time);
        progress.Set();
    }

    private void Run()
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    SendOn();
                }
                catch (StoreException e) when (e.Retryable)
                {
                    sender.LastError = e.Message;
                    log.SendingPauses(StorePause.TotalSeconds, e.Message);
                    stop.Token.WaitHandle.WaitOne(StorePause);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.SenderStopped(Sent);
        }
#pragma warning disable CA1031 // told to the host, which stops the process with the sentence
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fault(e);
        }
    }

    /// <summary>Sends what is durable, then waits for more.</summary>
    private void SendOn()
    {
        if (!redriven) Redrive();
        for (; sender.Fatal is null && next <= Interlocked.Read(ref available); next++) SendCommit(next);
        sender.SendShortened(stop.Token);

        if (sender.Fatal is not null)
        {
            Reconnect();
        }
        else if (!news.Wait(TimeSpan.FromSeconds(1)) && Sent >= Interlocked.Read(ref available))
        {
            sender.Idle();
        }
    }

    /// <summary>Makes the producer anew, and begins again with what is not acknowledged: parked messages first, then commits.</summary>
    private void Reconnect()
    {
        log.ProducerRenewed(Sent + 1, sender.Fatal);
        sender.Reset();
        stop.Token.WaitHandle.WaitOne(500);
        next = Sent + 1;
        redriven = false;
    }

    private void SendCommit(long number)
    {
        if (recent.Take(number) is { } kept)
        {
            sender.Send(kept.Bytes, inFlight.Begin(number), stop.Token, kept.Traces);
            kept.Return();
            return;
        }

        var outputs = outbox.Outputs(number); // may throw and is then tried again, so it runs before the commit is registered as in flight
        sender.Send(outputs is null ? default : OutputCodec.Messages(outputs), inFlight.Begin(number), stop.Token);
    }

    /// <summary>Sends again what an operator asked for; with each new producer, before anything else, and to the topic that refused it
    /// alone. It stays parked until it is acknowledged.</summary>
    private void Redrive()
    {
        foreach (var item in outbox.Parked.ToRedrive(ParkedItem.Message))
        {
            if (topics.Contains(item.Target)) sender.Send(item.Bytes, new PendingSend(0, item.Id), stop.Token);
            else log.RedriveOfOthers(item.Id, item.Target, topics[0]);
        }

        redriven = true;
    }
}
