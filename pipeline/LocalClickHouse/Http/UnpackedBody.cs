using Microsoft.AspNetCore.Http;
using Streaming.LocalClickHouse.Blocks;
using Streaming.LocalClickHouse.Statements;
using ZstdSharp;

namespace Streaming.LocalClickHouse.Http;

/// <summary>
/// An unpacked body that is refused once it is larger than its compressed size allows (zip bomb): one MiB must not become one GiB on disk.
/// Text
/// packs ten times smaller, rows that all look alike a hundred times.
/// </summary>
internal sealed class UnpackedBody(Stream plain, CountedBody packed) : ReadOnlyStream
{
    /// <summary>Up to this size any ratio is taken: 128 MiB.</summary>
    public const long Free = 128L << 20;

    /// <summary>Beyond <see cref="Free"/>, bytes for each byte that came.</summary>
    public const int Ratio = 100;

    private long bytes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await UnpackAsync(buffer, cancellationToken);
        bytes += read;
        return bytes <= Math.Max(Free, Ratio * packed.Bytes)
            ? read
            : throw new QueryException(ErrorCode.TooManyBytes, $"The request's body unpacks to more than {Free >> 20} MiB and to more " +
                $"than {Ratio} times its size. Send it in several inserts, or unpacked.");
    }

    /// <summary>Each format reports by its own exception that the body is not in it.</summary>
    private async ValueTask<int> UnpackAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await plain.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or EndOfStreamException or ZstdException)
        {
            throw new QueryException(ErrorCode.CannotDecompress, $"Cannot decompress the body: {e.Message}");
        }
    }
}

/// <summary>A body as it comes, counted. What is wrong with how it is sent is the client's fault, not the disk's.</summary>
internal sealed class CountedBody(Stream body) : ReadOnlyStream
{
    public long Bytes { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await body.ReadAsync(buffer, cancellationToken);
            Bytes += read;
            return read;
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"The request's body cannot be read: {e.Message}", e);
        }
    }
}
