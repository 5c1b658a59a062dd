using System.Buffers.Binary;
using System.Text;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Blocks;

/// <summary>
/// Converts a Native result into the form that a client expects that sends <c>client_protocol_version</c>: each block begins with its info,
/// and each column
/// says that it has no serialization of its own. The engine cannot be told the version. Disposing writes what is left and leaves the target
/// open.
/// </summary>
/// <remarks>Holds one block at a time, at most <see cref="MaxBlockBytes"/>.</remarks>
internal sealed class NativeBlocks(Stream target, long revision) : WriteOnlyStream
{
    /// <summary>Largest block: 256 MiB. The engine makes blocks of 65,409 rows.</summary>
    public const int MaxBlockBytes = 256 << 20;

    private const int CustomSerializationRevision = 54_454;

    // Field 1: no overflow row. Field 2: bucket -1. Field 0: the end.
    private static readonly byte[] BlockInfo = [1, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0];

    private readonly Dictionary<string, NativeType> types = new(StringComparer.Ordinal);
    private readonly List<int> typeEnds = [];
    private byte[] pending = new byte[64 << 10];
    private int count;
    private int tryAgainAt;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (count + buffer.Length > pending.Length)
        {
            Array.Resize(ref pending, Math.Max(pending.Length * 2, count + buffer.Length));
        }
        buffer.CopyTo(pending.AsMemory(count));
        count += buffer.Length;
        while (count > 0 && count >= tryAgainAt)
        {
            var end = FindEnd(pending.AsSpan(0, count));
            if (end < 0)
            {
                if (count > MaxBlockBytes)
                {
                    throw new QueryException(ErrorCode.TooManyBytes, $"A block of the result is larger than {MaxBlockBytes} bytes: ask " +
                        $"for fewer rows in a block (max_block_size), or for another format.");
                }
                // Looking for the end of the block after every piece would take quadratic time.
                tryAgainAt = count + (count / 2) + 1;
                return;
            }
            await SendAsync(end, cancellationToken);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        for (int end; count > 0 && (end = FindEnd(pending.AsSpan(0, count))) >= 0;)
        {
            await SendAsync(end, CancellationToken.None);
        }
        // An incomplete block at the end is one that the engine stopped writing.
        await target.WriteAsync(pending.AsMemory(0, count));
        await target.DisposeAsync();
        await base.DisposeAsync();
    }

    private async ValueTask SendAsync(int end, CancellationToken cancel)
    {
        await target.WriteAsync(BlockInfo, cancel);
        var from = 0;
        foreach (var typeEnd in revision >= CustomSerializationRevision ? typeEnds : [])
        {
            await target.WriteAsync(pending.AsMemory(from, typeEnd - from), cancel);
            await target.WriteAsync(new byte[1], cancel);
            from = typeEnd;
        }
        await target.WriteAsync(pending.AsMemory(from, end - from), cancel);
        pending.AsSpan(end, count - end).CopyTo(pending);
        count -= end;
        tryAgainAt = 0;
    }

    /// <summary>The first block's end, or -1 when it is not whole. Notes where each column's type ends.</summary>
    private int FindEnd(ReadOnlySpan<byte> data)
    {
        typeEnds.Clear();
        var reader = new Reader(data);
        var columns = reader.Number();
        var rows = reader.Number();
        for (var i = 0L; i < columns && !reader.Short; i++)
        {
            reader.Text();
            var name = reader.Text();
            if (reader.Short)
            {
                break;
            }
            typeEnds.Add(reader.At);
            var text = Encoding.UTF8.GetString(name);
            if (!types.TryGetValue(text, out var type))
            {
                types[text] = type = NativeType.Parse(text);
            }
            if (rows > 0)
            {
                reader.Prefix(type);
                reader.Column(type, rows);
            }
        }
        return reader.Short ? -1 : reader.At;
    }

    /// <summary>Walks over the parts of a block. Once <see cref="Short"/>, its results are not valid.</summary>
    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> data = bytes;

        public int At { get; private set; }

        public bool Short { get; private set; }

        public long Number()
        {
            long number = 0;
            for (var shift = 0; shift < 63; shift += 7)
            {
                if (At >= data.Length)
                {
                    Short = true;
                    return 0;
                }
                var next = data[At++];
                number |= (long)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    break;
                }
            }
            return number;
        }

        public ReadOnlySpan<byte> Text()
        {
            var length = Number();
            var from = At;
            Skip(length, 1);
            return Short ? [] : data[from..At];
        }

        public void Prefix(NativeType type)
        {
            if (type.Shape == NativeShape.LowCardinality)
            {
                Skip(8, 1);
                return;
            }
            foreach (var part in type.Parts)
            {
                Prefix(part);
            }
        }

        public void Column(NativeType type, long rows)
        {
            if (rows == 0 || Short)
            {
                return;
            }
            switch (type.Shape)
            {
                case NativeShape.Fixed:
                    Skip(rows, type.Width);
                    break;
                case NativeShape.Text:
                    for (var i = 0L; i < rows && !Short; i++)
                    {
                        Skip(Number(), 1);
                    }
                    break;
                case NativeShape.Nullable:
                    Skip(rows, 1);
                    Column(type.Parts[0], rows);
                    break;
                case NativeShape.Array:
                    Skip(rows - 1, 8);
                    Column(type.Parts[0], Long());
                    break;
                case NativeShape.Tuple:
                    foreach (var part in type.Parts)
                    {
                        Column(part, rows);
                    }
                    break;
                case NativeShape.LowCardinality:
                    var width = 1 << (int)(Long() & 0xFF);
                    Column(type.Parts[0], Long());
                    Skip(Long(), width);
                    break;
            }
        }

        private long Long()
        {
            Skip(1, 8);
            return Short ? 0 : BinaryPrimitives.ReadInt64LittleEndian(data[(At - 8)..]);
        }

        private void Skip(long items, int width)
        {
            if (Short || items < 0 || items > (data.Length - At) / width)
            {
                Short = true;
                return;
            }
            At += (int)items * width;
        }
    }
}
