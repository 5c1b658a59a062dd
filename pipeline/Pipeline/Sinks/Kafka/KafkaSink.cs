using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Pipeline.Effects;
using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Sinks.Kafka;

/// <summary>Sends the messages of durable commits, in order, and remembers how far all are acknowledged.</summary>
/// <remarks>
/// Delivery: at least once, with stable ids; after a restart everything after the last recorded acknowledgement is sent again.
/// Ordering: per key, as committed (idempotent producer). Batching: librdkafka's, 1 ms. Failure: a broker that is away is waited for without
/// end while commits wait on disk; a message refused for good is parked, counted, and the line moves on.
/// The one sending thread reads commits from memory while they are there, else from the store.
/// </remarks>
public sealed class KafkaSink : IDisposable
{
    private const long MemoryLimit = 64 << 20;
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);
    private readonly IOutbox outbox;
    private readonly ILogger log;
    private readonly string[] topics;
    private readonly Func<IProducer<byte[]?, byte[]?>> connect;
    private readonly ConcurrentDictionary<long, byte[]> recent = new();
    private readonly ConcurrentQueue<Outstanding> outstanding = new();
    private readonly SemaphoreSlim news = new(0);
    private readonly Hosting.AutoResetSignal progress = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Thread thread;
    private IProducer<byte[]?, byte[]?>? producer;
    private long available;
    private long sent;
    private long recentBytes;
    private long failingSince;
    private long delivered;
    private volatile string? fatal;

    /// <summary>A sink for one outbox, sending what was not yet acknowledged when it was last closed.</summary>
    /// <param name="prefix">What every topic's name begins with; empty except in a replay.</param>
    public KafkaSink(IOutbox outbox, Func<IProducer<byte[]?, byte[]?>> connect, string prefix, ILogger log)
    {
        this.outbox = outbox;
        this.connect = connect;
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

    /// <summary>Called with every message that is about to be sent: what the ops page shows as latest.</summary>
    public Action<OutputTopic, byte[]>? Sending { get; set; }

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

    /// <summary>A commit became durable: its messages may leave.</summary>
    public void Durable(long number, byte[] outputs)
    {
        if (Interlocked.Read(ref recentBytes) < MemoryLimit && recent.TryAdd(number, outputs)) Interlocked.Add(ref recentBytes, outputs.Length);
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
        producer?.Dispose();
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
        producer?.Dispose();
        producer = null;
        lock (outstanding) outstanding.Clear();
        fatal = null;
        stop.Token.WaitHandle.WaitOne(500);
        return Sent + 1;
    }

    private void SendCommit(long number)
    {
        if (recent.TryRemove(number, out var outputs)) Interlocked.Add(ref recentBytes, -outputs.Length);
        else outputs = outbox.Outputs(number);
        var waiting = new Outstanding(number);
        outstanding.Enqueue(waiting);
        if (outputs is not null)
        {
            var rest = OutputCodec.Messages(outputs);
            while (fatal is null && OutputMessages.Next(ref rest, out var message)) Send(message, waiting);
        }

        if (fatal is not null) return;

        Acknowledge(waiting); // the hold every commit starts with: now all its messages have been handed over
    }

    private void Send(in OutputMessage message, Outstanding waiting)
    {
        var record = new Message<byte[]?, byte[]?> { Key = message.Key!, Value = message.Value! };
        var headers = message.Headers;
        while (headers.Next()) (record.Headers ??= []).Add(System.Text.Encoding.UTF8.GetString(headers.Name), headers.Value.ToArray());
        if (message.Value is { } value) Sending?.Invoke(message.Topic, value);
        waiting.Add();
        Produce(message.Topic, record, waiting);
    }

    private void Produce(OutputTopic topic, Message<byte[]?, byte[]?> record, Outstanding waiting)
    {
        while (true)
        {
            stop.Token.ThrowIfCancellationRequested();
            try
            {
                producer ??= connect();
                producer.Produce(topics[(int)topic], record, report => Reported(topic, report, waiting));
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer!.Poll(TimeSpan.FromMilliseconds(50));
            }
            catch (ProduceException<byte[]?, byte[]?> e) when (!e.Error.IsFatal)
            {
                Refused(topic, record, e.Error, waiting);
                return;
            }
            catch (KafkaException e)
            {
                fatal = e.Error.Reason; // not acknowledged: sent again by the next producer
                return;
            }
        }
    }

    private void Reported(OutputTopic topic, DeliveryReport<byte[]?, byte[]?> report, Outstanding waiting)
    {
        if (!report.Error.IsError)
        {
            Interlocked.Exchange(ref failingSince, 0);
            Interlocked.Increment(ref delivered);
            if (topic == OutputTopic.Signals) SignalEnds.AddOrUpdate(report.Partition.Value, report.Offset.Value + 1, (_, end) => Math.Max(end, report.Offset.Value + 1));
            Acknowledge(waiting);
            return;
        }

        LastError = report.Error.Reason;
        if (report.Error.IsFatal || report.Error.Code is ErrorCode.Local_Fatal or ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight)
        {
            fatal ??= report.Error.Reason; // not acknowledged: sent again by the next producer
            return;
        }

        Refused(topic, report.Message, report.Error, waiting);
    }

    /// <summary>Parks what the broker will never take; of a dead letter too large for it, the beginning goes out all the same.</summary>
    private void Refused(OutputTopic topic, Message<byte[]?, byte[]?> record, Error error, Outstanding waiting)
    {
        try
        {
            outbox.Parked.Add(ParkedItem.Message, topics[(int)topic], error.Reason, ParkedMessage.Encode(topic, record));
        }
        catch (StoreException e)
        {
            fatal = $"a refused message could not be parked: {e.Message}"; // sent and refused again once the store can be written
            return;
        }

        log.LogError("A message for {Topic} was refused for good and is parked: {Reason}. See 'streaming parked'.", topics[(int)topic], error.Reason);
        if (topic == OutputTopic.DeadLetters && error.Code == ErrorCode.MsgSizeTooLarge && record.Value is { Length: > ParkedMessage.Beginning })
        {
            Produce(topic, ParkedMessage.Shorten(record), waiting);
            return;
        }

        Acknowledge(waiting);
    }

    /// <summary>Sends again what an operator asked for; at the start, before anything else. It stays parked until it is acknowledged.</summary>
    private void Redrive()
    {
        foreach (var item in outbox.Parked.ToRedrive(ParkedItem.Message))
        {
            ReadOnlySpan<byte> rest = item.Bytes;
            if (!OutputMessages.Next(ref rest, out var message)) continue;
            var waiting = new Outstanding(0, item.Id);
            Send(message, waiting);
            if (fatal is null) Acknowledge(waiting);
        }
    }

    private void Acknowledge(Outstanding waiting)
    {
        if (!waiting.Acknowledge()) return;
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

    /// <summary>Told by the connection when brokers cannot be reached.</summary>
    public void Unreachable(string reason)
    {
        LastError = reason;
        Interlocked.CompareExchange(ref failingSince, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 0);
    }

    /// <summary>A commit, or a parked message, on its way.</summary>
    private sealed class Outstanding(long number, long? parked = null)
    {
        private int remaining = 1;

        public long Number { get; } = number;

        public long? Parked { get; } = parked;

        public bool Done => Volatile.Read(ref remaining) == 0;

        public void Add() => Interlocked.Increment(ref remaining);

        /// <summary>One message is acknowledged; true for the last.</summary>
        public bool Acknowledge() => Interlocked.Decrement(ref remaining) == 0;
    }
}
