using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contract.Records;
using Streaming.Engine.Status;
using Streaming.Engine.Tracing;
using Streaming.Members.Events;
using Streaming.Ops;
using Streaming.Ops.Telemetry;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Ops;

/// <summary>What is sent to a collector. A collector that does not answer costs no event.</summary>
public sealed class OtlpTests
{
    private const int Patience = 60_000;

    [Fact]
    public async Task Metrics_are_exported_with_the_set_headers_and_flushed_at_the_end()
    {
        using var collector = new Collector();
        using var status = new HostStatus();
        status.Metrics.Observe(() => FakeHost.Well with { Duplicates = 4 }, _ => true);
        using var export = new TelemetryExport(To(collector) with { OtlpHeaders = "x-tenant=shop" }, status, NullLoggerFactory.Instance);
        status.Metrics.Landed(TimeSpan.FromSeconds(1));
        export.End(Patience);

        var got = await collector.NextAsync("/v1/metrics");
        Assert.Equal("shop", got.Tenant);
        Assert.Contains(MetricNames.Duplicates, got.Body, StringComparison.Ordinal);
        Assert.Contains(MetricNames.BlockLanding, got.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spans_go_to_the_collector()
    {
        using var collector = new Collector();
        using var status = new HostStatus();
        using var export = new TelemetryExport(To(collector), status, NullLoggerFactory.Instance);
        var record = new InputRecord(Topic.Clicks, 0, 7, 1_000, [], 0, -1, 0, -1, 0, 0);
        Assert.NotNull(Spans.Read(record, new TraceSampling { Ratio = 1 }));
        export.End(Patience);
        Assert.Contains("messaging.kafka.offset", (await collector.NextAsync("/v1/traces")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusing_collector_is_logged()
    {
        using var refusing = new Collector(HttpStatusCode.BadRequest);
        using var status = new HostStatus();
        using var lines = new RecordedLog();
        using var logs = LoggerFactory.Create(b => b.AddProvider(lines));
        using var export = new TelemetryExport(To(refusing), status, logs);
        status.Metrics.Landed(TimeSpan.FromSeconds(1));
        export.End(Patience);
        Assert.Contains(lines.All, l => l.Contains(refusing.Url, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_ops_API_works_while_the_collector_is_away()
    {
        await using var ops = await OpsFixture.StartAsync(telemetry: new TelemetrySettings { OtlpEndpoint = "http://127.0.0.1:9" });
        ops.Host.Say(FakeHost.Well with { Duplicates = 4 });
        var text = await ops.Http.GetStringAsync(new Uri("/v1/metrics", UriKind.Relative));
        Assert.Equal(4, PrometheusText.Parse(text).Values["streaming_duplicates_total"]);
    }

    private static TelemetrySettings To(Collector collector) =>
        new() { OtlpEndpoint = collector.Url, OtlpProtocol = TelemetrySettings.Http };
}
