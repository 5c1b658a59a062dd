using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Streaming.Engine.Status;
using Streaming.Engine.Tracing;

namespace Streaming.Ops.Telemetry;

/// <summary>Makes one host's metrics readable for Prometheus and, where a collector is named, sends metrics and traces there.</summary>
/// <remarks>Exporters have threads, queues and time limits of their own: if a collector is away or slow, metrics and spans are lost, but no
/// event. What fails is said in the log once a minute (<see cref="ExportWatch"/>).</remarks>
internal sealed class TelemetryExport : IDisposable
{
    private const int AnswerWithin = 5_000;
    private const int ScrapeWithinMs = 10_000;
    private const int MaxScrapeBytes = 4 << 20;
    private const int LastExportWithinMs = 1_000;
    private readonly MeterProvider meters;
    private readonly TracerProvider? traces;
    private readonly ExportWatch? watch;

    /// <summary>Begins to listen to the host's instruments.</summary>
    public TelemetryExport(TelemetrySettings settings, HostStatus status, ILoggerFactory logs)
    {
        if (settings.Sends) watch = new ExportWatch(settings.OtlpEndpoint, logs.CreateLogger("Streaming.Telemetry"));
        var building = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(MetricNames.Source)
            // another host in this process has a meter of the same name
            .AddView(instrument => ReferenceEquals(instrument.Meter, status.Metrics.Meter) ? null : MetricStreamConfiguration.Drop)
            .AddPrometheusExporter(o =>
            {
                o.ScopeInfoEnabled = false; // there is only one meter, so its name on every line would be useless
                (o.MaxScrapeResponseSizeBytes, o.ScrapeResponseTimeoutMilliseconds) = (MaxScrapeBytes, ScrapeWithinMs);
            });
        if (settings.Sends) building.AddOtlpExporter(o => To(o, settings, "v1/metrics"));
        meters = building.Build();
        if (!settings.Sends) return;
        traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(Spans.SourceName)
            .SetSampler(new ParentBasedSampler(new AlwaysOnSampler())) // which records begin a trace is decided before a span is made
            .AddOtlpExporter(o => To(o, settings, "v1/traces"))
            .Build();
    }

    /// <summary><c>GET /metrics</c> below this group: the host's figures in Prometheus' text format or as OpenMetrics, as the request
    /// accepts.</summary>
    public void Map(IEndpointRouteBuilder v1) => v1.MapPrometheusScrapingEndpoint("/metrics", meters, null, null);

    /// <summary>Sends what there is, a second at most for each signal, and ends.</summary>
    public void Dispose() => End(LastExportWithinMs);

    /// <summary>As <see cref="Dispose"/>, with this many milliseconds at most for each signal.</summary>
    internal void End(int within)
    {
        traces?.Shutdown(within);
        traces?.Dispose();
        meters.Shutdown(within);
        meters.Dispose();
        watch?.Dispose();
    }

    private static void To(OtlpExporterOptions options, TelemetrySettings settings, string path)
    {
        var http = settings.OtlpProtocol == TelemetrySettings.Http;
        options.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        options.Endpoint = http ? new Uri($"{settings.OtlpEndpoint.TrimEnd('/')}/{path}") : new Uri(settings.OtlpEndpoint);
        options.TimeoutMilliseconds = AnswerWithin;
        if (settings.OtlpHeaders.Length > 0) options.Headers = settings.OtlpHeaders;
    }

    private static void Describe(ResourceBuilder resource)
    {
        var program = Assembly.GetEntryAssembly()?.GetName();
        resource.AddService(program?.Name ?? "streaming", serviceVersion: program?.Version?.ToString(3),
            serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}").AddEnvironmentVariableDetector();
    }
}
