using System.Diagnostics;
using System.Reflection;
using System.Text;
using Streaming.Contract.Records;

namespace Streaming.Engine.Tracing;

/// <summary>Spans for the stages of one record: read, apply, commit, send. Thread-safe.</summary>
/// <remarks>
/// Nothing is made while nobody listens. A record with a <c>traceparent</c> header goes on with that trace, as its flag and the listener's
/// sampler say; of those without one a share begins a trace of its own. Context lives in memory only: no commit and no state holds any, so
/// recovery gives the same bytes, and after a crash the way ends at the commit. Spans name topics, partitions and offsets, never members.
/// </remarks>
public static class Spans
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "Streaming";

    /// <summary>W3C's header with the trace and the parent span.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>W3C's header with what the tracing systems on the way add.</summary>
    public const string TraceState = "tracestate";

    private static readonly ActivitySource Source = new(SourceName,
        typeof(Spans).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]);

    /// <summary>True while somebody listens.</summary>
    public static bool Heard => Source.HasListeners();

    /// <summary>A record was read: the context to go on with, or null when it is not followed.</summary>
    /// <param name="record">The record.</param>
    /// <param name="sampling">Which records without a <c>traceparent</c> begin a trace.</param>
    public static ActivityContext? Read(in InputRecord record, TraceSampling sampling)
    {
        if (!TryParent(record, out var parent) && !sampling.Begins()) return null;
        var now = DateTimeOffset.UtcNow; // the span begins with the record's timestamp: it shows for how long the record lay in Kafka
        var lay = record.Timestamp > 0 && record.Timestamp < now.ToUnixTimeMilliseconds();
        using var span = Start("read", ActivityKind.Consumer, parent,
            lay ? DateTimeOffset.FromUnixTimeMilliseconds(record.Timestamp) : now);
        if (span is null) return null;
        Place(span, InputTopics.Name(record.Topic));
        span.SetTag("messaging.destination.partition.id", record.Partition);
        span.SetTag("messaging.kafka.offset", record.Offset);
        return span.Context;
    }

    /// <summary>A record is decoded and applied to its member until this is disposed of; null when it is not followed.</summary>
    public static Activity? Apply(ActivityContext? read) =>
        read is { } parent ? Start("apply", ActivityKind.Internal, parent, default) : null;

    /// <summary>What a record caused has become durable: the context for its messages.</summary>
    /// <param name="apply">The turn.</param>
    /// <param name="number">The commit.</param>
    /// <param name="from">When writing it began.</param>
    public static ActivityContext Commit(ActivityContext apply, long number, DateTimeOffset from)
    {
        using var span = Start("commit", ActivityKind.Internal, apply, from);
        span?.SetTag("streaming.commit", number);
        return span?.Context ?? apply;
    }

    /// <summary>A message is about to leave. To be stopped once it is acknowledged, by whatever thread; null when nobody listens.</summary>
    public static Activity? Send(ActivityContext commit, string topic)
    {
        var span = Start("send", ActivityKind.Producer, commit, default);
        if (span is null) return null;
        Activity.Current = null; // the sending thread goes on with other messages
        Place(span, topic);
        return span;
    }

    private static Activity? Start(string name, ActivityKind kind, ActivityContext parent, DateTimeOffset from)
    {
        Activity.Current = null; // a trace without parent begins here, whatever thread this is
        return Source.StartActivity(name, kind, parent, startTime: from);
    }

    private static void Place(Activity span, string topic)
    {
        span.SetTag("messaging.system", "kafka");
        span.SetTag("messaging.destination.name", topic);
    }

    private static bool TryParent(in InputRecord record, out ActivityContext parent)
    {
        parent = default;
        if (record.HeadersLength == 0 || record.Cut) return false; // a cut record's headers are those of its dead letter
        string? trace = null, state = null;
        for (var headers = record.Headers; headers.Next();)
        {
            if (headers.Name.SequenceEqual("traceparent"u8)) trace = Encoding.Latin1.GetString(headers.Value);
            else if (headers.Name.SequenceEqual("tracestate"u8)) state = Encoding.Latin1.GetString(headers.Value);
        }

        return trace is not null && ActivityContext.TryParse(trace, state, isRemote: true, out parent);
    }
}
