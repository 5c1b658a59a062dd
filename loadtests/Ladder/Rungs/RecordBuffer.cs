using Confluent.Kafka;
using Streaming.Contract.Records;
using Streaming.Members.Events;

namespace Streaming.Loadtests.Ladder.Rungs;

/// <summary>Copies consumed records into large blocks, as the pipeline's batches do, and gives them as the decoder takes them.</summary>
/// <param name="keep">True to keep every record; false to use one block over and over, the last record being valid until the next.</param>
internal sealed class RecordBuffer(bool keep)
{
    private const int BlockBytes = 16 << 20;
    private byte[] block = new byte[BlockBytes];
    private int used;

    /// <summary>The record's bytes, copied.</summary>
    public InputRecord Copy(Topic topic, ConsumeResult<byte[]?, byte[]?> result)
    {
        var key = result.Message.Key ?? [];
        var value = result.Message.Value ?? [];
        if (used + key.Length + value.Length > block.Length)
        {
            if (keep) block = new byte[BlockBytes];
            used = 0;
        }

        var start = used;
        key.CopyTo(block, start);
        value.CopyTo(block, start + key.Length);
        used += key.Length + value.Length;
        return new InputRecord(
            topic, result.Partition.Value, result.Offset.Value, result.Message.Timestamp.UnixTimestampMs, block, start, key.Length, start +
                key.Length, value.Length, 0, 0);
    }
}
