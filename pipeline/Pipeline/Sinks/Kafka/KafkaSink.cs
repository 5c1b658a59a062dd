using System.Buffers;
using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Pipeline.Effects;
using Streaming.Pipeline.Kafka;
using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Sinks.Kafka;

/// <summary>Sends the messages of durable commits, in order, and remembers how far all are acknowledged.</summary>
/// <remarks>
/// Delivery: at least once, with stable ids; after a restart everything after the last recorded acknowledgement is sent again.
/// Ordering: per key, as committed (idempotent producer). Batching: librdkafka's, 1 ms. Failure: a broker that is away is waited for without
/// end while commits wait on disk; a message refused for good is parked, counted, and the line moves on.
/// The one sending thread reads commits from memory while they are there, else from the store; another takes the reports.
/// </remarks>
public sealed class KafkaSink : IProducerReports, IDisposable
{
    private const long MemoryLimit = 64 << 20;
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);
    private readonly IOutbox outbox;
    private readonly ILogger log;
    private readonly string[] topics;
    private readonly KafkaSettings settings;
    private readonly ConcurrentDictionary<long, (byte[] Rented, int Length)> recent = new();
    private readonly ConcurrentQueue<Outstanding> outstanding = new();
    private readonly ConcurrentDictionary<long, Outstanding> byTicket = new();
    private readonly ConcurrentQueue<(byte[] Message, long Ticket, Outstanding Waiting)> shortened = new();
    private readonly SemaphoreSlim news = new(0);
    private readonly Hosting.AutoResetSignal progress = new();
    private readonly Hosting.AutoResetSignal room = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Thread thread;
    private KafkaConnection? connection;
    private long ticket;
    private long available;
    private long sent;
    private long recentBytes;
    private long failingSince;
    private long delivered;
    private volatile string? fatal;

    /// <summary>A sink for one outbox, sending what was not yet acknowledged when it was last closed.</summary>
    /// <param name="outbox">Where the commits are.</param>
    /// <param name="settings">How to reach Kafka.</param>
    /// <param name="prefix">What every topic's name begins with; empty except in a replay.</param>
    /// <param name="log">For people.</param>
    public KafkaSink(IOutbox outbox, KafkaSettings settings, string prefix, ILogger log)
    {
        this.outbox = outbox;
        this.settings = settings;
        this.log = log;
        topics = [.. Enum.GetValues<OutputTopic>().Select(t => prefix + Name(t))];
        sent = outbox.Progress.Sent;
        available = outbox.LastCommit;
        thread = new Thread(Run) { IsBackground = true, Name = "kafka-sink" };
    }

    /// <summary>Begins to send. What is to be told of every message (<see cref="Sending"/>) is set before.</summary>
    public void Start() => thread.Start();

    /// <summary>All messages of the commits up to here are acknowledged.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>By partition, the end of what this sink has put into the signals topic: a replay waits until it has read that far itself.</summary>
    public ConcurrentDictionary<int, long> SignalEnds { get; } = new();

    /// <summary>Messages acknowledged since the start.</summary>
    public long Delivered => Interlocked.Read(ref delivered);

    /// <summary>Since when nothing could be delivered, epoch milliseconds; 0 while all is well.</summary>
    public long FailingSince => Interlocked.Read(ref failingSince);

    /// <summary>What the last failure said.</summary>
    public string? LastError { get; private set; }

    /// <summary>Called with the value of every message that is about to be sent, valid during the call: what the ops page shows as latest.</summary>
    public Action<OutputTopic, ReadOnlySpan<byte>>? Sending { get; set; }

    /// <summary>Full name of every output topic.</summary>
    public IReadOnlyList<string> Topics => topics;

    /// <summary>The contract's name of an output topic.</summary>
    public static string Name(OutputTopic topic) => topic switch
    {
        OutputTopic.ChurnAlerts => "churn-alerts",
        OutputTopic.Rewards => "rewards",
        OutputTopic.CareActions => "care-actions",
        OutputTopic.MemberChanges => "member-changes",
        OutputTopic.Signals => "signals",
        OutputTopic.DeadLetters => "dead-letters",
        _ => throw new ArgumentOutOfRangeException(nameof(topic)),
    };

    /// <summary>A commit became durable: its messages may leave. They are copied, while there is room for them in memory.</summary>
    public void Durable(long number, ReadOnlySpan<byte> outputs)
    {
        if (Interlocked.Read(ref recentBytes) < MemoryLimit)
        {
            var messages = OutputCodec.Messages(outputs);
            var rented = ArrayPool<byte>.Shared.Rent(messages.Length);
            messages.CopyTo(rented);
            if (recent.TryAdd(number, (rented, messages.Length))) Interlocked.Add(ref recentBytes, messages.Length);
        }

        Durable(number);
    }

    /// <summary>All commits up to here are durable, whatever is known of them here: their messages may leave.</summary>
    public void Durable(long number)
    {
        Interlocked.Exchange(ref available, number);
        news.Release();
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
        if (thread.IsAlive) thread.Join();
        connection?.Dispose();
        news.Dispose();
        stop.Dispose();
    }

    private void Run()
    {
        var next = Sent + 1;
        Action work = Redrive;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    work();
                    work = () => SendOn(ref next);
                }
                catch (StoreException e) when (e.Retryable)
                {
                    LastError = e.Message;
                    log.LogError("Sending to Kafka pauses for {Seconds} s: {Reason}", StorePause.TotalSeconds, e.Message);
                    stop.Token.WaitHandle.WaitOne(StorePause);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.LogDebug("The sender of Kafka messages has stopped at commit {Commit}.", Sent);
        }
    }

    /// <summary>Sends what is durable, then waits for more.</summary>
    private void SendOn(ref long next)
    {
        while (next <= Interlocked.Read(ref available))
        {
            if (fatal is not null) next = Reconnect();
            SendCommit(next);
            next++;
        }

        SendShortened();

        if (fatal is not null)
        {
            next = Reconnect();
        }
        else if (!news.Wait(TimeSpan.FromSeconds(1), stop.Token) && Sent >= Interlocked.Read(ref available))
        {
            Interlocked.Exchange(ref failingSince, 0); // nothing waits to be sent: what failed while idle says nothing of what comes
        }
    }

    private long Reconnect()
    {
        log.LogWarning("The Kafka producer is made anew, from commit {Commit} on: {Reason}", Sent + 1, fatal);
        connection?.Dispose();
        connection = null;
        byTicket.Clear();
        shortened.Clear();
        lock (outstanding) outstanding.Clear();
        fatal = null;
        stop.Token.WaitHandle.WaitOne(500);
        return Sent + 1;
    }

    private void SendCommit(long number)
    {
        if (recent.TryRemove(number, out var kept))
        {
            Interlocked.Add(ref recentBytes, -kept.Length);
            Send(kept.Rented.AsSpan(0, kept.Length), Enqueue(number));
            ArrayPool<byte>.Shared.Return(kept.Rented);
            return;
        }

        var outputs = outbox.Outputs(number); // may fail, and is asked for again: before the commit counts as on its way
        Send(outputs is null ? default : OutputCodec.Messages(outputs), Enqueue(number));
    }

    private Outstanding Enqueue(long number)
    {
        var waiting = new Outstanding(number);
        outstanding.Enqueue(waiting);
        return waiting;
    }

    /// <summary>Hands messages over, all of one commit.</summary>
    private void Send(ReadOnlySpan<byte> messages, Outstanding waiting)
    {
        byTicket[++ticket] = waiting;
        while (fatal is null && OutputMessages.Next(ref messages, out var message))
        {
            if (message.HasValue) Sending?.Invoke(message.Topic, message.Value);
            waiting.Add();
            Produce(message, ticket, waiting);
        }

        if (fatal is null) Acknowledge(ticket, waiting); // the hold: now all its messages have been handed over
    }

    private void Produce(in OutputMessage message, long number, Outstanding waiting)
    {
        while (true)
        {
            stop.Token.ThrowIfCancellationRequested();
            var open = connection ??= Connect();
            if (open is null) return;
            switch (open.Queue.Send((int)message.Topic, message.Key, message.HasKey, message.Value, message.HasValue, message.Headers, (nint)number))
            {
                case ErrorCode.NoError:
                    return;
                case ErrorCode.Local_QueueFull:
                    room.Wait(TimeSpan.FromMilliseconds(50));
                    continue;
                case ErrorCode.Local_Fatal:
                    fatal = LastError ?? "the client has failed"; // not acknowledged: sent again by the next producer
                    return;
                case var error:
                    Refused(message, error, number, waiting);
                    return;
            }
        }
    }

    private KafkaConnection? Connect()
    {
        try
        {
            return new KafkaConnection(settings, topics, this, room.Set, log);
        }
        catch (KafkaException e)
        {
            fatal = e.Error.Reason; // tried again with the next producer
            return null;
        }
    }

    private void SendShortened()
    {
        while (fatal is null && shortened.TryDequeue(out var beginning))
        {
            ReadOnlySpan<byte> bytes = beginning.Message;
            OutputMessages.Next(ref bytes, out var message);
            Produce(message, beginning.Ticket, beginning.Waiting);
        }
    }

    void IProducerReports.Reported(int index, in NativeRecord report, nint headers)
    {
        var topic = (OutputTopic)index;
        if (!byTicket.TryGetValue(report.Opaque, out var waiting)) return; // of a producer that was given up
        var error = (ErrorCode)report.Error;
        switch (error)
        {
            case ErrorCode.NoError:
                Interlocked.Exchange(ref failingSince, 0);
                Interlocked.Increment(ref delivered);
                if (topic == OutputTopic.Signals) SignalEnd(report.Partition, report.Offset + 1);
                Acknowledge(report.Opaque, waiting);
                return;
            case ErrorCode.Local_Fatal or ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight:
                LastError = error.GetReason();
                fatal ??= LastError; // not acknowledged: sent again by the next producer
                return;
            default:
                LastError = error.GetReason();
                ReadOnlySpan<byte> bytes = ParkedMessage.Encode(topic, report, headers);
                OutputMessages.Next(ref bytes, out var message);
                Refused(message, error, report.Opaque, waiting);
                return;
        }
    }

    private void SignalEnd(int partition, long end) => SignalEnds.AddOrUpdate(partition, end, (_, known) => Math.Max(known, end));

    /// <summary>Parks what the broker will never take; of a dead letter too large for it, the beginning goes out all the same.</summary>
    private void Refused(in OutputMessage message, ErrorCode error, long number, Outstanding waiting)
    {
        try
        {
            outbox.Parked.Add(ParkedItem.Message, topics[(int)message.Topic], error.GetReason(), message.Encoded.ToArray());
        }
        catch (StoreException e)
        {
            fatal = $"a refused message could not be parked: {e.Message}"; // sent and refused again once the store can be written
            return;
        }

        log.LogError("A message for {Topic} was refused for good and is parked: {Reason}. See 'streaming parked'.", topics[(int)message.Topic], error.GetReason());
        if (message.Topic == OutputTopic.DeadLetters && error == ErrorCode.MsgSizeTooLarge && message.Value.Length > ParkedMessage.Beginning)
        {
            shortened.Enqueue((ParkedMessage.Shorten(message), number, waiting)); // the thread that takes reports must not wait for room
            news.Release();
            return;
        }

        Acknowledge(number, waiting);
    }

    /// <summary>Sends again what an operator asked for; at the start, before anything else. It stays parked until it is acknowledged.</summary>
    private void Redrive()
    {
        foreach (var item in outbox.Parked.ToRedrive(ParkedItem.Message)) Send(item.Bytes, new Outstanding(0, item.Id));
    }

    private void Acknowledge(long number, Outstanding waiting)
    {
        if (!waiting.Acknowledge()) return;
        byTicket.TryRemove(number, out _);
        if (waiting.Parked is { } item) Forget(item);
        lock (outstanding)
        {
            while (outstanding.TryPeek(out var first) && first.Done && outstanding.TryDequeue(out first)) Interlocked.Exchange(ref sent, first.Number);
        }

        progress.Set();
    }

    private void Forget(long item)
    {
        try
        {
            outbox.Parked.Remove(item);
        }
        catch (StoreException e)
        {
            log.LogWarning("Parked message {Id} is sent, yet cannot be struck from the list; it is sent again, under the same id, at the next start: {Reason}", item, e.Message);
        }
    }

    void IProducerReports.Failed(string reason)
    {
        LastError = reason;
        Interlocked.CompareExchange(ref failingSince, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 0);
    }
}
