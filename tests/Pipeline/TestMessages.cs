using System.Buffers;
using System.Text;
using Streaming.Contract.Messages;

namespace Streaming.Pipeline.Tests;

/// <summary>Messages as they stand in commits.</summary>
internal static class TestMessages
{
    /// <summary>A message for the topic of rewards.</summary>
    public static byte[] Reward(string value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        OutputMessages.Write(bytes, OutputTopic.Rewards, "ann"u8, true, Encoding.UTF8.GetBytes(value), true, default);
        return bytes.WrittenSpan.ToArray();
    }
}
