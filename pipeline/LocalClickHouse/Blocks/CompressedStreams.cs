using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Blocks;

/// <summary>Unpacks a body of compressed blocks as it is read (<c>decompress=1</c>).</summary>
internal sealed class CompressedInput(Stream packed) : ReadOnlyStream
{
    private byte[] plain = [];
    private int at;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (at == plain.Length)
        {
            var header = new byte[CompressedBlock.HeaderBytes];
            var read = await packed.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken);
            if (read == 0)
            {
                return 0;
            }
            if (read < header.Length)
            {
                throw new QueryException(ErrorCode.CannotDecompress, "Cannot decompress: the body ends inside a compressed block.");
            }
            // The buffer grows with the data, so a wrong size in the header allocates nothing.
            var data = new MemoryStream();
            data.Write(header);
            await FillAsync(data, CompressedBlock.DataBytes(header), cancellationToken);
            (plain, at) = (CompressedBlock.Unpack(data.GetBuffer().AsSpan(0, (int)data.Length)), 0);
        }
        var count = Math.Min(buffer.Length, plain.Length - at);
        plain.AsMemory(at, count).CopyTo(buffer);
        at += count;
        return count;
    }

    private async Task FillAsync(MemoryStream data, int count, CancellationToken cancel)
    {
        var buffer = new byte[Math.Min(count, 256 << 10)];
        while (count > 0)
        {
            var read = await packed.ReadAsync(buffer.AsMemory(0, Math.Min(count, buffer.Length)), cancel);
            if (read == 0)
            {
                throw new QueryException(ErrorCode.CannotDecompress, "Cannot decompress: the body ends inside a compressed block.");
            }
            data.Write(buffer, 0, read);
            count -= read;
        }
    }
}

/// <summary>Packs a result into compressed blocks of 1 MiB as it is written (<c>compress=1</c>).
/// Disposing writes the last one and leaves the target open.</summary>
internal sealed class CompressedOutput(Stream target) : WriteOnlyStream
{
    private readonly byte[] pending = new byte[1 << 20];
    private int count;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var take = Math.Min(buffer.Length, pending.Length - count);
            buffer[..take].CopyTo(pending.AsMemory(count));
            buffer = buffer[take..];
            count += take;
            if (count == pending.Length)
            {
                await PackAsync(cancellationToken);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (count > 0)
        {
            await PackAsync(CancellationToken.None);
        }
        await target.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task PackAsync(CancellationToken cancel)
    {
        await target.WriteAsync(CompressedBlock.Pack(pending.AsSpan(0, count)), cancel);
        count = 0;
    }
}
