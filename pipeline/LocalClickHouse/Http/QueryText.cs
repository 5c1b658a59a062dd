using System.Text;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Http;

/// <summary>The query of a request: what the URL holds, a line break, and the body. Only its beginning is read into memory.</summary>
internal sealed class QueryText
{
    private readonly Stream body;
    private readonly long limit;
    private long bodyBytes;

    private QueryText(Stream body, long limit) => (this.body, this.limit) = (body, limit);

    /// <summary>The beginning, at most <see cref="Statement.MaxBytes"/> of the body.</summary>
    public byte[] Head { get; private set; } = [];

    /// <summary>Whether <see cref="Head"/> is all there is.</summary>
    public bool Whole { get; private set; }

    /// <summary>Reads the beginning.</summary>
    /// <exception cref="QueryException">The URL's query is too long.</exception>
    public static async Task<QueryText> ReadAsync(string query, Stream body, long limit, CancellationToken cancel)
    {
        var text = new QueryText(body, limit);
        var head = new MemoryStream();
        head.Write(Encoding.UTF8.GetBytes(query));
        if (head.Length > Statement.MaxBytes)
        {
            throw new QueryException(ErrorCode.SyntaxError, $"Max query size exceeded: a statement may have {Statement.MaxBytes} bytes.");
        }
        var buffer = new byte[64 << 10];
        while (head.Length < Statement.MaxBytes)
        {
            var read = await text.ReadBodyAsync(buffer, cancel);
            if (read == 0)
            {
                text.Whole = true;
                break;
            }
            if (text.bodyBytes == read && query.Length > 0)
            {
                head.WriteByte((byte)'\n');
            }
            head.Write(buffer, 0, read);
        }
        text.Head = head.ToArray();
        return text;
    }

    /// <summary>Puts everything from <paramref name="start"/> on, the rest of the body included, into <paramref name="file"/>.</summary>
    /// <exception cref="QueryException">The body is larger than allowed.</exception>
    public async Task SpoolAsync(int start, SpoolFile file, CancellationToken cancel)
    {
        file.Append(Head.AsSpan(start));
        var buffer = new byte[256 << 10];
        for (int read; !Whole && (read = await ReadBodyAsync(buffer, cancel)) > 0;)
        {
            file.Append(buffer.AsSpan(0, read));
        }
    }

    private async ValueTask<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        var read = await body.ReadAsync(buffer, cancel);
        bodyBytes += read;
        return bodyBytes <= limit
            ? read
            : throw new QueryException(ErrorCode.TooManyBytes, $"The request's body is larger than {limit} bytes (--max-request-bytes). " +
                $"Send it in several inserts.");
    }
}
