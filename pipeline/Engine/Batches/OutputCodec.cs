using Streaming.Engine.Storing;
using Streaming.Engine.Tracing;
using Streaming.Members.Snapshots;

namespace Streaming.Engine.Batches;

/// <summary>The bytes of what a commit caused: its Kafka messages in order, and its rows for ClickHouse.</summary>
public static class OutputCodec
{
    /// <summary>Encodes what leaves with one commit: its results, and the rows the host adds of
    /// its own (pipeline health), which may be empty.</summary>
    public static byte[] Encode(IReadOnlyList<ApplyResult> results, ReadOnlySpan<byte> hostRows, SnapshotWriter scratch)
    {
        byte[] fresh = [];
        return Encode(results, hostRows, scratch, ref fresh).ToArray();
    }

    /// <inheritdoc cref="Encode(IReadOnlyList{ApplyResult}, ReadOnlySpan{byte}, SnapshotWriter)"/>
    /// <param name="results">The results, in order.</param>
    /// <param name="hostRows">Rows of the host's own.</param>
    /// <param name="scratch">Room for numbers.</param>
    /// <param name="bytes">Room for the bytes, used again and again: replaced by a larger one when they do not fit.</param>
    /// <returns>The bytes, valid until the room is used again.</returns>
    public static ReadOnlyMemory<byte> Encode(IReadOnlyList<ApplyResult> results, ReadOnlySpan<byte> hostRows, SnapshotWriter scratch,
        ref byte[] bytes)
    {
        scratch.Clear();
        var messages = 0;
        foreach (var result in results) messages += result.Messages.WrittenCount;
        scratch.Unsigned((ulong)messages);
        var rows = hostRows.Length;
        foreach (var result in results) rows += result.Rows.WrittenCount + 5;
        var most = scratch.Length + messages + rows + 20;
        if (bytes.Length < most) bytes = new byte[most + (most / 4)];
        var at = 0;
        Put(scratch.Written, bytes, ref at);
        foreach (var result in results) Put(result.Messages.WrittenSpan, bytes, ref at);
        foreach (var result in results) Chunk(result.Rows.WrittenSpan, bytes, ref at, scratch);
        Chunk(hostRows, bytes, ref at, scratch);
        return bytes.AsMemory(0, at);
    }

    /// <summary>Follows the turns of a durable commit to its messages; null when none of them is followed.</summary>
    /// <param name="results">The results as they were encoded.</param>
    /// <param name="number">The commit.</param>
    /// <param name="took">How long writing it took until now.</param>
    public static MessageTraces? Traces(IReadOnlyList<ApplyResult> results, long number, TimeSpan took)
    {
        if (!results.Any(p => p.Traces.Count > 0)) return null;
        return MessageTraces.Of(results.Select(p => (p.Messages.WrittenCount, (IReadOnlyList<TurnTrace>)p.Traces)), number,
            DateTimeOffset.UtcNow - took);
    }

    /// <summary>The messages of a commit's outputs, one after another.</summary>
    /// <exception cref="StoreException">The bytes are damaged.</exception>
    public static ReadOnlySpan<byte> Messages(ReadOnlySpan<byte> outputs)
    {
        var from = new SnapshotReader(outputs);
        return Next(ref from);
    }

    /// <summary>Calls <paramref name="chunk"/> with each run of rows.</summary>
    /// <exception cref="StoreException">The bytes are damaged.</exception>
    public static void Rows(ReadOnlySpan<byte> outputs, Action<ReadOnlySpan<byte>> chunk)
    {
        var from = new SnapshotReader(outputs);
        Next(ref from);
        while (!from.AtEnd) chunk(Next(ref from));
    }

    private static ReadOnlySpan<byte> Next(scoped ref SnapshotReader from)
    {
        try
        {
            return from.Bytes();
        }
        catch (SnapshotException e)
        {
            throw StoreException.DamagedCommit(e);
        }
    }

    private static void Chunk(ReadOnlySpan<byte> rows, byte[] bytes, ref int at, SnapshotWriter scratch)
    {
        if (rows.IsEmpty) return;
        scratch.Clear();
        scratch.Unsigned((ulong)rows.Length);
        Put(scratch.Written, bytes, ref at);
        Put(rows, bytes, ref at);
    }

    private static void Put(ReadOnlySpan<byte> from, byte[] to, ref int at)
    {
        from.CopyTo(to.AsSpan(at));
        at += from.Length;
    }
}
