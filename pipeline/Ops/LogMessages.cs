using System.Net;
using Microsoft.Extensions.Logging;

namespace Streaming.Ops;

/// <summary>What the ops page and its API log. Event ids 9000 to 9999, each given once for ever.</summary>
internal static partial class LogMessages
{
    // Http
    [LoggerMessage(9001, LogLevel.Warning, "The ops API refused requests (setting Ops:ApiKey): {Refused}")]
    public static partial void KeysRefused(this ILogger log, string refused);

    // Endpoints
    [LoggerMessage(9101, LogLevel.Information,
        "The member behind pseudonym {Pseudonym} was asked for from {Address}: {Outcome}.")]
    public static partial void PseudonymAsked(this ILogger log, string pseudonym, IPAddress? address, string outcome);

    // Live
    [LoggerMessage(9201, LogLevel.Error, "This program failed to take the sample for the ops page: a mistake in the program. It is tried again in a second; the pipeline goes on.")]
    public static partial void FiguresFailed(this ILogger log, Exception trace);

    // Telemetry
    [LoggerMessage(9301, LogLevel.Warning,
        "Metrics or traces did not reach {Endpoint} (Telemetry:OtlpEndpoint). These are lost; later ones are sent, and the pipeline goes on: {Reason}")]
    public static partial void TelemetryNotTaken(this ILogger log, string endpoint, string reason);
}
