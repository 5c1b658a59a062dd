using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Streaming.Ops.Page;

/// <summary>The page's files, which are embedded in this library. Names of scripts and styles change
/// with their content, so browsers keep them for good.</summary>
internal static class PageFiles
{
    private const string Prefix = "web/";
    private static readonly Dictionary<string, PageFile> Files = Load();

    /// <summary>Serves the page under its addresses, and what it consists of under <c>/assets</c>.</summary>
    public static void MapPage(this IEndpointRouteBuilder app)
    {
        foreach (var address in new[] { "/", "/members", "/members/{id}", "/dashboards", "/dashboards/{uid}" })
        {
            app.MapMethods(address, [HttpMethods.Get, HttpMethods.Head],
                (HttpContext context) => Send(context, Files["index.html"], "no-cache"));
        }

        app.MapGet("/favicon.ico", (HttpContext context) => Send(context, Files["icon.svg"], "no-cache"));
        app.MapGet("/assets/{name}", (HttpContext context, string name) => Files.TryGetValue(name, out var file)
            ? Send(context, file, name.Contains('-', StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache")
            : Results.NotFound());
    }

    private static IResult Send(HttpContext context, PageFile file, string cache)
    {
        context.Response.Headers.CacheControl = cache;
        context.Response.Headers.ETag = file.Tag;
        context.Response.Headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch.Contains(file.Tag)) return Results.StatusCode(StatusCodes.Status304NotModified);
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return Results.Bytes(file.Bytes, file.Type);
        }
        context.Response.Headers.ContentEncoding = "gzip";
        return Results.Bytes(file.Packed, file.Type);
    }

    private static Dictionary<string, PageFile> Load()
    {
        var assembly = typeof(PageFiles).Assembly;
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            files[name[Prefix.Length..]] = PageFile.Of(name, copy.ToArray());
        }

        return files;
    }

    private sealed record PageFile(byte[] Bytes, byte[] Packed, string Type, string Tag)
    {
        public static PageFile Of(string name, byte[] bytes)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(bytes);
            var type = Path.GetExtension(name) switch
            {
                ".html" => "text/html; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".css" => "text/css; charset=utf-8",
                ".svg" => "image/svg+xml",
                ".map" => "application/json",
                _ => "text/plain; charset=utf-8",
            };
            return new PageFile(bytes, packed.ToArray(), type, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..8])}\"");
        }
    }
}
