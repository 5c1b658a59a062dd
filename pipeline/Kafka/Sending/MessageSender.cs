using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Common.Threads;
using Streaming.Contract.Messages;
using Streaming.Engine.Batches;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Engine.Tracing;
using Streaming.Kafka.Client;

namespace Streaming.Kafka.Sending;

/// <summary>Hands messages to the producer, takes their delivery reports, and parks what the broker refuses for good.</summary>
/// <remarks>
/// One thread sends; the connection's own thread takes the reports. A producer that has failed for good (<see cref="Fatal"/>) takes nothing
/// more until <see cref="Reset"/>; what it had not acknowledged is then to be sent again.
/// </remarks>
internal sealed class MessageSender(InFlight inFlight, IParkedItems parked, KafkaSettings settings, string[] topics, ILogger log)
    : IProducerReports, IDisposable
{
    private readonly ConcurrentQueue<(byte[] Message, long Ticket, PendingSend Whole)> shortened = new();
    private readonly AutoResetSignal room = new();
    private readonly TraceHeaders tracing = new();
    private KafkaConnection? connection;
    private long failingSince;
    private long delivered;
    private volatile string? fatal;
    private volatile PastError? error;

    /// <summary>Called when a commit or a parked message has been acknowledged whole; with the time that took, when there was a message
    /// in it.</summary>
    public required Action<TimeSpan?> Acknowledged { get; init; }

    /// <summary>Told when the reports cannot be taken any more.</summary>
    public required Action<Exception> Fault { get; init; }

    /// <summary>Called when the sending thread has something to send besides commits (<see cref="SendShortened"/>).</summary>
    public required Action Waiting { get; init; }

    /// <summary>Called with the value of every message that is about to be sent.</summary>
    public Action<OutputTopic, ReadOnlySpan<byte>>? Sending { get; set; }

    /// <summary>By partition, the end of what was put into the signals topic.</summary>
    public ConcurrentDictionary<int, long> SignalEnds { get; } = new();

    /// <summary>Messages acknowledged since the start.</summary>
    public long Delivered => Interlocked.Read(ref delivered);

    /// <summary>Since when nothing could be delivered, epoch milliseconds; 0 while all is well.</summary>
    public long FailingSince => Interlocked.Read(ref failingSince);

    /// <summary>The last error, kept after it is over; null when there was none.</summary>
    public PastError? Error => error;

    /// <summary>What the last error said. Setting it notes the time.</summary>
    public string? LastError { get => error?.Reason; set => error = value is null ? null : PastError.Now(value); }

    /// <summary>Why the producer has to be made anew; null while it works.</summary>
    public string? Fatal => fatal;

    /// <summary>Hands over all messages of one commit, or a parked one.</summary>
    /// <param name="traces">Which of them are followed.</param>
    public void Send(ReadOnlySpan<byte> messages, PendingSend whole, CancellationToken cancel, MessageTraces? traces = null)
    {
        var ticket = inFlight.Ticket(whole);
        for (var length = messages.Length; fatal is null;)
        {
            var at = length - messages.Length;
            if (!OutputMessages.Next(ref messages, out var message)) break;
            if (message.HasValue) Sending?.Invoke(message.Topic, message.Value);
            whole.Add();
            if (traces?.Find(at) is { } trace && Spans.Send(trace, topics[(int)message.Topic]) is { } span)
            {
                whole.Follow(span);
                Produce(tracing.With(message, span), ticket, whole, cancel);
                continue;
            }

            Produce(message, ticket, whole, cancel);
        }

        // Releases the count that PendingSend starts with: all messages have been handed over.
        if (fatal is null) Acknowledge(ticket, whole);
    }

    /// <summary>Hands over the beginnings of dead letters that were too large for the broker.</summary>
    public void SendShortened(CancellationToken cancel)
    {
        while (fatal is null && shortened.TryDequeue(out var beginning))
        {
            ReadOnlySpan<byte> bytes = beginning.Message;
            OutputMessages.Next(ref bytes, out var message);
            Produce(message, beginning.Ticket, beginning.Whole, cancel);
        }
    }

    /// <summary>Nothing waits to be sent, so an earlier error no longer counts as failing.</summary>
    public void Idle() => Interlocked.Exchange(ref failingSince, 0);

    /// <summary>Closes the failed producer and forgets what was in flight; the next message opens a new one.</summary>
    public void Reset()
    {
        connection?.Dispose();
        connection = null;
        inFlight.Clear();
        shortened.Clear();
        fatal = null;
    }

    /// <inheritdoc/>
    public void Dispose() => connection?.Dispose();

    private void Produce(in OutputMessage message, long ticket, PendingSend whole, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var open = connection ??= Connect();
            if (open is null) return;
            switch (open.Queue.Send((int)message.Topic, message.Key, message.HasKey, message.Value, message.HasValue, message.Headers,
                (nint)ticket))
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
                    Refused(message, error, ticket, whole);
                    return;
            }
        }
    }

    private KafkaConnection? Connect()
    {
        try
        {
            return new KafkaConnection(settings, topics, this, room.Set, Fault, log);
        }
        catch (KafkaException e)
        {
            fatal = e.Error.Reason; // tried again with the next producer
            return null;
        }
    }

    void IProducerReports.Reported(int index, in NativeRecord report, nint headers)
    {
        if (inFlight.Find(report.Opaque) is not { } whole) return; // of a producer that was given up
        var topic = (OutputTopic)index;
        var error = (ErrorCode)report.Error;
        switch (error)
        {
            case ErrorCode.NoError:
                Interlocked.Exchange(ref failingSince, 0);
                Interlocked.Increment(ref delivered);
                if (topic == OutputTopic.Signals) SignalEnd(report.Partition, report.Offset + 1);
                Acknowledge(report.Opaque, whole);
                return;
            case ErrorCode.Local_Fatal or ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight:
                LastError = error.GetReason();
                fatal ??= LastError; // not acknowledged: sent again by the next producer
                return;
            default:
                LastError = error.GetReason();
                ReadOnlySpan<byte> bytes = ParkedMessage.Encode(topic, report, headers);
                OutputMessages.Next(ref bytes, out var message);
                Refused(message, error, report.Opaque, whole);
                return;
        }
    }

    void IProducerReports.Failed(string reason)
    {
        LastError = reason;
        Interlocked.CompareExchange(ref failingSince, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 0);
    }

    private void SignalEnd(int partition, long end) => SignalEnds.AddOrUpdate(partition, end, (_, known) => Math.Max(known, end));

    /// <summary>Parks what the broker will never take; of a dead letter too large for it, the beginning goes out all the same.</summary>
    private void Refused(in OutputMessage message, ErrorCode error, long ticket, PendingSend whole)
    {
        int forgotten;
        try
        {
            forgotten = parked.Add(ParkedItem.Message, topics[(int)message.Topic], error.GetReason(), message.Encoded.ToArray());
        }
        catch (StoreException e)
        {
            fatal = $"a refused message could not be parked: {e.Message}"; // sent and refused again once the store can be written
            return;
        }

        log.MessageParked(topics[(int)message.Topic], error.GetReason());
        if (forgotten > 0) log.ParkedForgotten(forgotten);
        if (message.Topic == OutputTopic.DeadLetters && error == ErrorCode.MsgSizeTooLarge
            && message.Value.Length > ParkedMessage.Beginning)
        {
            shortened.Enqueue((ParkedMessage.Shorten(message), ticket, whole)); // the thread that takes reports must not wait for room
            Waiting();
            return;
        }

        Acknowledge(ticket, whole);
    }

    private void Acknowledge(long ticket, PendingSend whole)
    {
        if (!inFlight.Acknowledge(ticket, whole)) return;
        whole.EndSpans();
        if (whole.Parked is { } item) Forget(item);
        Acknowledged(whole.Took);
    }

    private void Forget(long item)
    {
        try
        {
            parked.Remove(item);
        }
        catch (StoreException e)
        {
            log.RedrivenKept(item, e.Message);
        }
    }
}
