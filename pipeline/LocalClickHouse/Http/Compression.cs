using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Streaming.LocalClickHouse.Blocks;
using Streaming.LocalClickHouse.Statements;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Streaming.LocalClickHouse.Http;

/// <summary>The request's body as plain bytes, whatever <c>Content-Encoding</c> and <c>decompress</c> say it is packed in.</summary>
internal static class RequestBody
{
    // 8 MiB, what RFC 9659 allows as Content-Encoding: a frame may ask its reader for that much memory, and for no more.
    private const int LargestWindowLog = 23;

    /// <exception cref="QueryException">An encoding that is not known.</exception>
    public static Stream Open(HttpRequest http, QueryRequest request)
    {
        var packed = new CountedBody(http.Body);
        Stream body = http.Headers.ContentEncoding.ToString().ToLowerInvariant() switch
        {
            "" or "identity" => packed,
            "gzip" or "x-gzip" => new GZipStream(packed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(packed, CompressionMode.Decompress),
            "br" => new BrotliStream(packed, CompressionMode.Decompress),
            "zstd" => Zstandard(packed),
            var other => throw new QueryException(ErrorCode.NotImplemented,
                $"Content-Encoding {other} is not available in the embedded engine: gzip, deflate, br and zstd are."),
        };
        body = request.Decompress ? new CompressedInput(body) : body;
        return body == packed ? body : new UnpackedBody(body, packed);
    }

    private static DecompressionStream Zstandard(Stream packed)
    {
        var body = new DecompressionStream(packed);
        body.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindowLog);
        return body;
    }
}

/// <summary>Where the result goes, packed as the request allows.</summary>
internal static class ResponseBody
{
    /// <summary>Call once the headers are final. Disposing the stream completes what
    /// is packed and leaves the response's body open.</summary>
    /// <param name="response">Its headers say how the body is packed.</param>
    /// <param name="request">Says what the client can unpack.</param>
    /// <param name="format">The format of the result.</param>
    public static Stream Open(HttpResponse response, QueryRequest request, string format)
    {
        Stream body = new Plain(response.Body);
        if (request.Gzip)
        {
            response.Headers.ContentEncoding = "gzip";
            body = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        }
        body = request.Compress ? new CompressedOutput(body) : body;
        return request.ProtocolVersion > 0 && format.Equals("Native", StringComparison.OrdinalIgnoreCase)
            ? new NativeBlocks(body, request.ProtocolVersion) : body;
    }

    private sealed class Plain(Stream inner) : WriteOnlyStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);
    }
}
