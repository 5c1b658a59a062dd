using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Streaming.Ops.Telemetry;

/// <summary>Logs that the collector refuses data: at once, then at most once a minute.</summary>
/// <remarks>The exporter tells of its failures by events only.</remarks>
internal sealed class ExportWatch(string endpoint, ILogger log) : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";
    private const long Pause = 60_000;
    private long saidAt = -Pause;

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter) EnableEvents(eventSource, EventLevel.Warning);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Events may come before the constructor has run.
        if (log is null || eventData.Level > EventLevel.Warning) return;
        var (now, last) = (Environment.TickCount64, Interlocked.Read(ref saidAt));
        if (now - last < Pause) return;
        if (Interlocked.CompareExchange(ref saidAt, now, last) != last) return;
        var reason = string.Format(CultureInfo.InvariantCulture, eventData.Message ?? "{0}", [.. eventData.Payload ?? new([])]);
        log.TelemetryNotTaken(endpoint, reason.Split('\n')[0].TrimEnd());
    }
}
