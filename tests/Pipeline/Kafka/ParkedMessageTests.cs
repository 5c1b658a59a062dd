using System.Buffers;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Kafka.Sending;

namespace Streaming.Pipeline.Tests.Kafka;

/// <summary>The beginning of a dead letter that goes out when the broker does not take the whole.</summary>
public sealed class ParkedMessageTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_shortened_dead_letter_keeps_the_difference_between_a_null_header_and_an_empty_one(bool isNull)
    {
        var header = new byte[RecordHeaders.Size(3, 0)];
        RecordHeaders.Write(header, "why"u8, default, isNull);
        var whole = new ArrayBufferWriter<byte>();
        OutputMessages.Write(whole, OutputTopic.DeadLetters, "ann"u8, true, new byte[ParkedMessage.Beginning + 1], true, header);
        var bytes = whole.WrittenSpan;
        Assert.True(OutputMessages.Next(ref bytes, out var message));

        ReadOnlySpan<byte> beginning = ParkedMessage.Shorten(message);
        Assert.True(OutputMessages.Next(ref beginning, out var shortened));
        var headers = shortened.Headers;
        Assert.True(headers.Next());
        Assert.Equal(isNull, headers.IsNull);
        Assert.True(headers.Next());
        Assert.Equal(ParkedMessage.HashHeader, System.Text.Encoding.UTF8.GetString(headers.Name));
    }
}
