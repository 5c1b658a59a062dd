using System.Buffers.Binary;
using K4os.Compression.LZ4;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Blocks;

/// <summary>
/// ClickHouse's compressed block: 16 bytes of checksum over the rest, one byte of method, the compressed size (these nine bytes included)
/// and the plain size as little-endian 32-bit numbers, and the data.
/// </summary>
internal static class CompressedBlock
{
    /// <summary>Checksum and the nine bytes after it.</summary>
    public const int HeaderBytes = ChecksumBytes + FieldBytes;

    /// <summary>Largest block taken, compressed or plain: 16 MiB, all of which is in memory at once. Clients send about 1 MiB.</summary>
    public const int MaxBytes = 16 << 20;

    private const int ChecksumBytes = 16;
    private const int FieldBytes = 9;
    private const byte None = 0x02;
    private const byte ByLz4 = 0x82;
    private const byte ByZstd = 0x90;

    /// <summary>Packs up to <see cref="MaxBytes"/> with LZ4.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> plain)
    {
        var block = new byte[HeaderBytes + LZ4Codec.MaximumOutputSize(plain.Length)];
        var size = LZ4Codec.Encode(plain, block.AsSpan(HeaderBytes));
        var body = block.AsSpan(ChecksumBytes, FieldBytes + size);
        body[0] = ByLz4;
        BinaryPrimitives.WriteInt32LittleEndian(body[1..], FieldBytes + size);
        BinaryPrimitives.WriteInt32LittleEndian(body[5..], plain.Length);
        var (low, high) = CityHash.Hash128(body);
        BinaryPrimitives.WriteUInt64LittleEndian(block, low);
        BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(8), high);
        return block[..(HeaderBytes + size)];
    }

    /// <summary>Bytes that follow the header.</summary>
    /// <exception cref="QueryException">No such block.</exception>
    public static int DataBytes(ReadOnlySpan<byte> header)
    {
        var size = BinaryPrimitives.ReadInt32LittleEndian(header[(ChecksumBytes + 1)..]);
        var plain = BinaryPrimitives.ReadInt32LittleEndian(header[(ChecksumBytes + 5)..]);
        var known = header[ChecksumBytes] is None or ByLz4 or ByZstd && size >= FieldBytes && plain >= 0;
        return known && (size > MaxBytes || plain > MaxBytes)
            ? throw new QueryException(ErrorCode.TooManyBytes, $"A compressed block of the body is larger than {MaxBytes} bytes, packed " +
                "or unpacked: send smaller blocks.")
            : size is >= FieldBytes and <= MaxBytes && plain is >= 0 and <= MaxBytes ? size - FieldBytes
            : throw new QueryException(ErrorCode.CannotDecompress, "The body is not in ClickHouse's compressed blocks (decompress=1).");
    }

    /// <summary>Unpacks header and data.</summary>
    /// <exception cref="QueryException">Wrong checksum, an unknown method, or data that do not unpack.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> block)
    {
        var body = block[ChecksumBytes..];
        var expected = (BinaryPrimitives.ReadUInt64LittleEndian(block), BinaryPrimitives.ReadUInt64LittleEndian(block[8..]));
        if (CityHash.Hash128(body) != expected)
        {
            throw new QueryException(ErrorCode.ChecksumDoesNotMatch, "Checksum doesn't match: a compressed block of the body is corrupted.");
        }
        var data = body[FieldBytes..];
        var plain = new byte[BinaryPrimitives.ReadInt32LittleEndian(body[5..])];
        var sound = body[0] switch
        {
            // Nothing at all is packed as one zero, which the library refuses.
            ByLz4 => LZ4Codec.Decode(data, plain) == plain.Length || (plain.Length == 0 && data is [0]),
            None => data.Length == plain.Length && data.TryCopyTo(plain),
            ByZstd => throw new QueryException(ErrorCode.NotImplemented,
                "Compression ZSTD of bodies is not available in the embedded engine: choose LZ4, or gzip, in the client."),
            var method => throw new QueryException(ErrorCode.NotImplemented,
                $"Compression method 0x{method:x2} of bodies is not available in the embedded engine: choose LZ4, or gzip, in the client."),
        };
        return sound ? plain : throw new QueryException(ErrorCode.CannotDecompress,
            "Cannot decompress: a compressed block of the body is corrupted.");
    }
}
