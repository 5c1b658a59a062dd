using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Streaming.LocalClickHouse.Access;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Http;

/// <summary>What a request asks for, wherever it says so: URL and headers. The body is not
/// touched; who asks is <see cref="Credentials"/>' business.</summary>
internal sealed class QueryRequest
{
    private static readonly HashSet<string> NotSettings = new(StringComparer.Ordinal)
    {
        "query", "database", "default_format", "user", "password", "quota_key", "stacktrace", "query_id", "compress", "decompress", "session_id",
        "session_timeout", "session_check", "close_session", "buffer_size", "wait_end_of_query", "role", "client_protocol_version", "readonly",
        "enable_http_compression", "http_response_headers",
    };

    private const int LongestId = 256;

    /// <summary>The query in the URL; the body follows it.</summary>
    public required string Query { get; init; }

    /// <summary>Given, or a new one.</summary>
    public required string QueryId { get; init; }

    /// <summary>Where unqualified names are looked up.</summary>
    public required string Database { get; init; }

    /// <summary>The format of the result when the query names none.</summary>
    public required string DefaultFormat { get; init; }

    /// <summary>Values of <c>{name:Type}</c>.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; }

    /// <summary>Settings for this query, validated.</summary>
    public required IReadOnlyList<(string Name, string Value)> Settings { get; init; }

    /// <summary>Whether it may only read.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>Whether the response is to wait until the query is over, so that its status and counts are final.</summary>
    public required bool WaitEnd { get; init; }

    /// <summary>Whether the response may be compressed with gzip.</summary>
    public required bool Gzip { get; init; }

    /// <summary>Whether the response goes out in ClickHouse's compressed blocks.</summary>
    public required bool Compress { get; init; }

    /// <summary>Whether the body comes in ClickHouse's compressed blocks.</summary>
    public required bool Decompress { get; init; }

    /// <summary>The revision of ClickHouse's own protocol the client speaks; 0 when it does not say. It shapes the format Native.</summary>
    public required long ProtocolVersion { get; init; }

    /// <summary>Reads everything but the body.</summary>
    /// <exception cref="QueryException">A setting is refused, or something asked for is not there.</exception>
    public static QueryRequest Read(HttpRequest http, UrlParameters url, SettingRules rules, Caller caller)
    {
        if (url.Has("session_id"))
        {
            throw new QueryException(ErrorCode.SupportIsDisabled, "Sessions (session_id) are not available in the embedded engine: send each query's settings with it.");
        }
        if (url.Has("role"))
        {
            throw new QueryException(ErrorCode.SupportIsDisabled, "Roles are not available in the embedded engine: each of its two users has rights of its own.");
        }
        if (http.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw new QueryException(ErrorCode.SupportIsDisabled, "Multipart bodies (external tables) are not available in the embedded engine: send the query in the URL or as the body, and parameters as param_name in the URL.");
        }
        var parameters = new List<KeyValuePair<string, string>>();
        var settings = new List<(string, string)>();
        foreach (var (name, value) in url.All)
        {
            if (name.StartsWith("param_", StringComparison.Ordinal))
            {
                parameters.Add(new(name["param_".Length..], value));
            }
            else if (!NotSettings.Contains(name) && name.Length > 0)
            {
                if (rules.Of(caller).CheckRequest(name, value) is { } error)
                {
                    throw new QueryException(error);
                }
                if (SettingRules.IsForEngine(name))
                {
                    settings.Add((name, value));
                }
            }
        }
        var database = NotEmpty(url["database"], Last(http.Headers["X-ClickHouse-Database"])) ?? "default";
        var format = NotEmpty(url["default_format"], Last(http.Headers["X-ClickHouse-Format"])) ?? "TabSeparated";
        if ((Gate.CheckDatabase(database) ?? Gate.CheckFormat(format)) is { } refusal)
        {
            throw new QueryException(refusal);
        }
        return new QueryRequest
        {
            Query = url["query"],
            QueryId = GivenId(NotEmpty(url["query_id"], Last(http.Headers["X-ClickHouse-Query-Id"]))) ?? Guid.NewGuid().ToString(),
            Database = database,
            DefaultFormat = format,
            Parameters = parameters,
            Settings = rules.Complete(caller, settings),
            ReadOnly = HttpMethods.IsGet(http.Method) || HttpMethods.IsHead(http.Method) || url["readonly"] is "1" or "2",
            WaitEnd = Flag(url["wait_end_of_query"], false),
            Gzip = Flag(url["enable_http_compression"], true) && AcceptsGzip(http.Headers.AcceptEncoding),
            Compress = Flag(url["compress"], false),
            Decompress = Flag(url["decompress"], false),
            ProtocolVersion = long.TryParse(url["client_protocol_version"], CultureInfo.InvariantCulture, out var revision) ? revision : 0,
        };
    }

    /// <summary>The id goes back in a header of the answer.</summary>
    private static string? GivenId(string? id) => id is null || (id.Length <= LongestId && id.All(c => c is >= ' ' and <= '~'))
        ? id
        : throw new QueryException(ErrorCode.BadArguments, $"A query_id has at most {LongestId} characters, all of them printable ASCII.");

    private static bool AcceptsGzip(StringValues header) =>
        header.SelectMany(h => (h ?? "").Split(',')).Any(e =>
        {
            var parts = e.Split(';', StringSplitOptions.TrimEntries);
            return parts[0].Equals("gzip", StringComparison.OrdinalIgnoreCase) && !(parts.Length > 1
                && parts[1].StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                && double.TryParse(parts[1].AsSpan(2), CultureInfo.InvariantCulture, out var weight) && weight == 0);
        });

    private static bool Flag(string value, bool whenAbsent) => value switch { "" => whenAbsent, "0" or "false" => false, _ => true };

    private static string Last(StringValues values) => values.Count == 0 ? "" : values[^1] ?? "";

    private static string? NotEmpty(params string[] texts) => Array.Find(texts, t => t.Length > 0);
}
