using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Streaming.App.ClickHouse;

/// <summary>The request's body as plain bytes, whatever <c>Content-Encoding</c> and <c>decompress</c> say it is packed in.</summary>
internal static class RequestBody
{
    /// <exception cref="QueryException">An encoding that is not known.</exception>
    public static Stream Open(HttpRequest http, QueryRequest request)
    {
        if (request.Decompress)
        {
            throw new QueryException(ErrorCode.SupportIsDisabled, "ClickHouse's block compression of bodies (decompress=1) is not available in the embedded engine: switch it off in the client, or use Content-Encoding: gzip.");
        }
        return http.Headers.ContentEncoding.ToString().ToLowerInvariant() switch
        {
            "" or "identity" => http.Body,
            "gzip" or "x-gzip" => new GZipStream(http.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(http.Body, CompressionMode.Decompress),
            "br" => new BrotliStream(http.Body, CompressionMode.Decompress),
            var other => throw new QueryException(ErrorCode.NotImplemented, $"Content-Encoding {other} is not available in the embedded engine: gzip, deflate and br are."),
        };
    }
}

/// <summary>Where the result goes, packed as the request allows.</summary>
internal static class ResponseBody
{
    /// <summary>Call once the headers are final. Disposing the stream completes it and leaves the response's body open.</summary>
    public static Stream Open(HttpResponse response, QueryRequest request)
    {
        if (!request.Gzip)
        {
            return new LeaveOpen(response.Body);
        }
        response.Headers.ContentEncoding = "gzip";
        return new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
    }

    /// <summary>Passes everything on and does not close.</summary>
    private sealed class LeaveOpen(Stream inner) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() => inner.Flush();
        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);
    }
}
