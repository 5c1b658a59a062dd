using System.Globalization;

namespace Streaming.Ops;

/// <summary>Where metrics and traces are sent besides <c>GET /v1/metrics</c>, and which records are followed.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Protocol <c>grpc</c>.</summary>
    public const string Grpc = "grpc";

    /// <summary>Protocol <c>http/protobuf</c>.</summary>
    public const string Http = "http/protobuf";

    private const int MostHeaders = 4_096;

    /// <summary>
    /// Address of an OpenTelemetry collector, <c>http://</c> or <c>https://</c>, without the path of a signal: <c>/v1/metrics</c> and
    /// <c>/v1/traces</c> are appended for <c>http/protobuf</c>. Empty (the default): nothing is sent.
    /// </summary>
    public string OtlpEndpoint { get; init; } = "";

    /// <summary><c>grpc</c> (the default, port 4317 of most collectors) or <c>http/protobuf</c> (4318).</summary>
    public string OtlpProtocol { get; init; } = Grpc;

    /// <summary>Headers that the collector asks for, <c>name=value</c> with commas between, values percent-encoded; at most 4,096
    /// characters. Empty by default. Values are never logged.</summary>
    public string OtlpHeaders { get; init; } = "";

    /// <summary>Share of the records without a <c>traceparent</c> that begin a trace: 0 (the default) to 1. A record with a
    /// <c>traceparent</c> is traced if its sampled flag is set.</summary>
    public double TraceRatio { get; init; }

    /// <summary>True when something is sent.</summary>
    public bool Sends => OtlpEndpoint.Length > 0;

    /// <summary>Adds one sentence per wrong setting, each beginning with its path.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (Sends && (!Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)))
        {
            errors.Add($"{path}:OtlpEndpoint is \"{OtlpEndpoint}\"; it must be empty or an http:// or https:// address.");
        }
        else if (Sends && (new Uri(OtlpEndpoint) is { UserInfo.Length: > 0 } or { Query.Length: > 0 } or { Fragment.Length: > 0 }))
        {
            errors.Add($"{path}:OtlpEndpoint must hold no user, password, query or fragment; use {path}:OtlpHeaders for what the " +
                "collector asks for.");
        }
        if (OtlpProtocol is not (Grpc or Http))
            errors.Add($"{path}:OtlpProtocol is \"{OtlpProtocol}\"; it must be {Grpc} or {Http}.");
        if (OtlpHeaders.Length > MostHeaders) errors.Add($"{path}:OtlpHeaders is longer than {MostHeaders} characters.");
        else if (!Headers.All(IsHeader)) errors.Add($"{path}:OtlpHeaders must be name=value, with commas between.");
        if (!(TraceRatio is >= 0 and <= 1))
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:TraceRatio is {TraceRatio}; it must be 0 to 1."));
    }

    /// <summary>The values in one line for the log, those of headers masked.</summary>
    public string ToShow() => !Sends ? string.Create(CultureInfo.InvariantCulture, $"OtlpEndpoint = (none), TraceRatio = {TraceRatio}")
        : string.Create(CultureInfo.InvariantCulture, $"OtlpEndpoint = {OtlpEndpoint}, OtlpProtocol = {OtlpProtocol}, OtlpHeaders = " +
            $"{(OtlpHeaders.Length == 0 ? "(none)" : string.Join(", ", Headers.Select(h => h.Split('=')[0] + "=***")))}, " +
            $"TraceRatio = {TraceRatio}");

    private string[] Headers => OtlpHeaders.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsHeader(string header) =>
        header.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && header[..at].Trim().All(c => char.IsAsciiLetterOrDigit(c)
            || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)) && header.All(c => c is >= ' ' and <= '~');
}
