using Streaming.App.ClickHouse.Blocks;

namespace Streaming.App.ClickHouse;

/// <summary>
/// An unpacked body that is refused once it is larger than what came can honestly be: a megabyte must not become a gigabyte of disk. Text
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
        var read = await plain.ReadAsync(buffer, cancellationToken);
        bytes += read;
        return bytes <= Math.Max(Free, Ratio * packed.Bytes)
            ? read
            : throw new QueryException(ErrorCode.TooManyBytes, $"The request's body unpacks to more than {Free >> 20} MiB and to more " +
                $"than {Ratio} times its size. Send it in several inserts, or unpacked.");
    }
}

/// <summary>A body as it comes, counted.</summary>
internal sealed class CountedBody(Stream body) : ReadOnlyStream
{
    public long Bytes { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        Bytes += read;
        return read;
    }
}
