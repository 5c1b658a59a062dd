using Streaming.Contract.Records;
using Streaming.Engine.Storing;
using Streaming.Members.Events;
using Streaming.Members.Snapshots;

namespace Streaming.Engine.Batches;

/// <summary>The bytes of "what was applied in which order": the rules, the segments with their clocks, the eventless turns, and every
/// record's own bytes and verdict.</summary>
/// <remarks>
/// The inputs' bytes are kept whatever the broker, so that recovery never depends on what the broker still has (retention, a deleted topic,
/// an embedded broker that forgot); they go with the commit as soon as snapshots contain it.
/// </remarks>
public static class SequenceCodec
{
    private const byte Format = 2; // format 1, still read, has no verdict and no cut flag per record

    /// <summary>Encodes a finished batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="scratch">Room for numbers.</param>
    /// <param name="buffer">Room for the bytes, used again and again: replaced by a larger one when they do not fit.</param>
    /// <returns>The bytes, valid until the buffer is used again.</returns>
    public static ReadOnlyMemory<byte> Encode(Batch batch, SnapshotWriter scratch, ref byte[] buffer)
    {
        scratch.Clear();
        scratch.Byte(Format);
        scratch.Fixed(batch.Rules.Hash);
        scratch.Unsigned((ulong)batch.Segments.Count);
        foreach (var s in batch.Segments)
        {
            scratch.Unsigned((ulong)s.End);
            scratch.Signed(s.Now);
            scratch.Signed(s.Proven);
        }

        var turns = 0;
        foreach (var result in batch.Results) turns += result.EventlessTurns.Count;
        scratch.Unsigned((ulong)turns);
        foreach (var result in batch.Results)
        {
            foreach (var t in result.EventlessTurns)
            {
                scratch.Unsigned((ulong)t.Segment);
                scratch.Byte((byte)t.Kind);
                scratch.Bytes(t.Id);
            }
        }

        scratch.Unsigned((ulong)batch.Records.Count);
        foreach (var r in batch.Records)
        {
            scratch.Byte((byte)r.Topic);
            scratch.Unsigned((ulong)r.Partition);
            scratch.Signed(r.Offset);
            scratch.Signed(r.Timestamp);
            scratch.Unsigned((ulong)r.KeyStart);
            scratch.Signed(r.KeyLength);
            scratch.Signed(r.ValueLength);
            scratch.Unsigned((ulong)r.HeadersLength);
            scratch.Byte((byte)r.Refused);
            scratch.Byte(r.Cut ? (byte)1 : (byte)0);
        }

        scratch.Unsigned((ulong)batch.ArenaUsed);
        var length = scratch.Length + batch.ArenaUsed;
        if (buffer.Length < length) buffer = new byte[length + (length / 4)];
        scratch.Written.CopyTo(buffer);
        batch.Arena.AsSpan(0, batch.ArenaUsed).CopyTo(buffer.AsSpan(scratch.Length));
        return buffer.AsMemory(0, length);
    }

    /// <summary>Fills an empty batch with what <see cref="Encode"/> wrote;
    /// <paramref name="rules"/> receives the hash of its rules.</summary>
    /// <exception cref="StoreException">The bytes are damaged, or a newer program wrote them.</exception>
    public static void Decode(ReadOnlySpan<byte> bytes, Batch into, out ulong rules)
    {
        try
        {
            Read(bytes, into, out rules);
        }
        catch (SnapshotException e)
        {
            throw StoreException.DamagedCommit(e);
        }
    }

    private static void Read(ReadOnlySpan<byte> bytes, Batch into, out ulong rules)
    {
        var from = new SnapshotReader(bytes);
        var format = from.Byte();
        if (format == 0) throw StoreException.DamagedCommit();
        if (format > Format)
            throw new StoreException("A commit was written by a newer program: start that one, or restore a backup.", false);
        rules = from.Fixed();
        for (var n = from.Unsigned(); n > 0; n--) into.Segments.Add(new Segment((int)from.Unsigned(), from.Signed(), from.Signed()));
        for (var n = from.Unsigned(); n > 0; n--)
        {
            into.Recorded.Add(new EventlessTurn((int)from.Unsigned(), (EventlessKind)from.Byte(), from.Bytes().ToArray()));
        }
        var records = Within(from.Unsigned(), bytes.Length);
        var heads = new (Topic Topic, int Partition, long Offset, long Timestamp, int KeyStart, int KeyLength, int ValueLength,
            int HeadersLength, RejectReason Refused, bool Cut)[records];
        for (var i = 0; i < records; i++)
        {
            heads[i] = ((Topic)from.Byte(), (int)from.Unsigned(), from.Signed(), from.Signed(), (int)from.Unsigned(), (int)from.Signed(),
                (int)from.Signed(), (int)from.Unsigned(),
                format == 1 ? RejectReason.None : (RejectReason)from.Byte(), format != 1 && from.Byte() != 0);
        }

        var used = Within(from.Unsigned(), bytes.Length);
        if (used != from.Left) throw StoreException.DamagedCommit();
        bytes[^used..].CopyTo(into.Reserve(used, out _));
        foreach (var h in heads)
        {
            var value = h.KeyStart + Math.Max(h.KeyLength, 0);
            var headers = value + Math.Max(h.ValueLength, 0);
            if (h.KeyStart < 0 || value < h.KeyStart || headers < value || h.HeadersLength < 0 || headers > used - h.HeadersLength)
            {
                throw StoreException.DamagedCommit();
            }

            into.Add(h.Topic, h.Partition, h.Offset, h.Timestamp, (h.KeyStart, h.KeyLength), (value, h.ValueLength),
                (headers, h.HeadersLength), h.Refused, h.Cut);
        }
    }

    /// <summary>A count that the bytes can hold.</summary>
    private static int Within(ulong count, int most) => count <= (ulong)most ? (int)count : throw StoreException.DamagedCommit();
}
