using System.Text;
using Microsoft.AspNetCore.Http;
using Streaming.LocalClickHouse.Embedding;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Http;

/// <summary>Headers and bodies as a ClickHouse server writes them.</summary>
internal sealed class Responses(string version, string timeZone)
{
    private static readonly string DisplayName = Environment.MachineName;

    /// <summary>What every answer to a query carries.</summary>
    public void Identify(HttpResponse response, QueryRequest request)
    {
        var zone = request.Settings.FirstOrDefault(s => s.Name == "session_timezone").Value;
        response.Headers["X-ClickHouse-Server-Display-Name"] = DisplayName;
        response.Headers["X-ClickHouse-Query-Id"] = request.QueryId;
        response.Headers["X-ClickHouse-Timezone"] = string.IsNullOrEmpty(zone) ? timeZone : zone;
    }

    /// <summary>Says what the body is.</summary>
    public static void Describe(HttpResponse response, string format)
    {
        response.Headers["X-ClickHouse-Format"] = format;
        response.ContentType = Formats.ContentType(format);
    }

    /// <summary>The counts, final or so far. Numbers are strings, as from a server.</summary>
    public static void Summarize(HttpResponse response, EngineResult counts) =>
        response.Headers["X-ClickHouse-Summary"] =
            $$"""{"read_rows":"{{counts.ReadRows}}","read_bytes":"{{counts.ReadBytes}}","written_rows":"{{counts.WrittenRows}}","written_bytes":"{{counts.WrittenBytes}}","total_rows_to_read":"{{counts.ReadRows}}","result_rows":"{{counts.ResultRows}}","result_bytes":"{{counts.ResultBytes}}","elapsed_ns":"{{counts.ElapsedNanoseconds}}"}""";

    /// <summary>An error before anything was sent.</summary>
    public async Task FailAsync(HttpResponse response, QueryError error)
    {
        response.StatusCode = ErrorStatus.Of(error.Code);
        response.ContentType = "text/plain; charset=UTF-8";
        response.Headers.Remove("X-ClickHouse-Format");
        response.Headers.ContentEncoding = default;
        response.Headers["X-ClickHouse-Exception-Code"] = error.Code.ToString();
        if (response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"ClickHouse server HTTP API\"";
        }
        if (response.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "1";
        }
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(error.Text(version)));
    }

    /// <summary>
    /// An error after part of the result was sent: the block a server appends (between marks with the tag it announced in
    /// <c>X-ClickHouse-Exception-Tag</c>). The connection is closed after it without completing the body, so that clients that do not
    /// look for it fail too.
    /// </summary>
    public byte[] Tail(QueryError error, string tag)
    {
        var message = error.Text(version);
        return Encoding.UTF8.GetBytes($"\r\n__exception__\r\n{tag}\r\n{message}{Encoding.UTF8.GetByteCount(message)} {tag}\r\n__exception__\r\n");
    }
}

/// <summary>The HTTP status of each error code: what a ClickHouse server gives, but
/// 4xx for whatever the request itself is to blame for.</summary>
internal static class ErrorStatus
{
    public static int Of(int code) => code switch
    {
        194 => StatusCodes.Status401Unauthorized,
        164 or 192 or 193 or 497 or 512 or 516 => StatusCodes.Status403Forbidden,
        // The query or its data cannot be read: BAD_ARGUMENTS, CANNOT_PARSE_*, SYNTAX_ERROR, TYPE_MISMATCH …
        6 or 8 or 15 or 25 or 26 or 27 or 36 or 37 or 38 or 40 or 41 or 44 or 53 or 62 or 72 or 117 or 123 or 167 or 168 or 223 or 271
            or 321 or 376 or 427 or 441 or 675 or 676 => StatusCodes.Status400BadRequest,
        // What the request asks for is not there or not allowed, its parameters do not fit, or it is too deep. A server gives 500 or 501.
        1 or 2 or 33 or 42 or 43 or 48 or 130 or 131 or 306 or 344 or 452 or 456 or 457 or 467 or 691 => StatusCodes.Status400BadRequest,
        216 => StatusCodes.Status409Conflict,
        // UNKNOWN_TABLE, UNKNOWN_FUNCTION, UNKNOWN_SETTING …
        46 or 47 or 50 or 56 or 60 or 63 or 73 or 78 or 81 or 115 or 152 or 336 or 511 => StatusCodes.Status404NotFound,
        159 => StatusCodes.Status408RequestTimeout,
        // A server gives 500 to TOO_MANY_BYTES (307) and TOO_MANY_SIMULTANEOUS_QUERIES (202); these say more to clients and proxies.
        229 or 307 => StatusCodes.Status413PayloadTooLarge,
        243 => StatusCodes.Status507InsufficientStorage,
        76 or 202 or 209 or 439 => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
