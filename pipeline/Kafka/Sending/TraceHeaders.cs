using System.Buffers;
using System.Diagnostics;
using System.Text;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Engine.Tracing;

namespace Streaming.Kafka.Sending;

/// <summary>Adds a span's context as headers to a message being sent. The commit's bytes do not change. Used by one thread.</summary>
internal sealed class TraceHeaders
{
    private readonly ArrayBufferWriter<byte> headers = new(256);

    /// <summary>The message with the headers of the span, valid until the next call.</summary>
    /// <remarks>A dead letter stays as it is: its headers are those of the record, and go back with it when it is sent again.</remarks>
    public OutputMessage With(in OutputMessage message, Activity span)
    {
        if (message.Topic == OutputTopic.DeadLetters) return message;
        headers.ResetWrittenCount();
        for (var own = message.Headers; own.Next();) Write(own.Name, own.Value, own.IsNull);
        Write(Encoding.ASCII.GetBytes(Spans.TraceParent), Encoding.ASCII.GetBytes(span.Id!), false);
        if (span.TraceStateString is { Length: > 0 } state)
            Write(Encoding.ASCII.GetBytes(Spans.TraceState), Encoding.Latin1.GetBytes(state), false);
        return new OutputMessage(message.Topic, message.HasKey, message.Key, message.HasValue, message.Value,
            new RecordHeaders(headers.WrittenSpan), message.Encoded);
    }

    private void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isNull)
    {
        var size = RecordHeaders.Size(name.Length, value.Length);
        RecordHeaders.Write(headers.GetSpan(size), name, value, isNull);
        headers.Advance(size);
    }
}
