using Streaming.Grains.Tests.Faults;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Hosting;

/// <summary>A silo tells of itself what one machine tells: the same metrics, and in ClickHouse the same health rows.</summary>
public sealed class SiloHealthTests
{
    private const int Events = 200;
    private const string Paid = "streaming_events_applied_total{kind=\"paid\"}";

    [SkippableFact]
    public async Task A_working_silo_has_every_metric_and_health_row_and_traces_a_purchase_to_its_reward()
    {
        Skip.If(ClusterParts.Missing is not null, ClusterParts.Missing);
        await using var parts = await ClusterParts.StartAsync();
        using var collector = new Collector();
        await using var silo = await parts.SiloAsync(TimeSpan.FromMinutes(1),
            more: [("Telemetry__OtlpEndpoint", collector.Url), ("Telemetry__OtlpProtocol", "http/protobuf")]);
        var trace = TraceHeader.New();
        await PurchaseLoad.SendAsync(parts.Kafka, "traced", trace);
        Assert.Equal(trace.TraceId, TraceHeader.Of(TraceHeader.First(parts.Kafka.BootstrapServers, "rewards", "traced").Headers)?.TraceId);
        var load = new PurchaseLoad(parts.Kafka, Events);
        await load.SendAsync(() => Task.CompletedTask);
        await load.SendBadAsync();

        Scrape scrape = null!;
        await Until.TrueAsync(async () =>
        {
            scrape = await silo.ScrapeAsync();
            return scrape.Values.GetValueOrDefault(Paid) > Events && scrape.Sum("streaming_records_rejected_total") == 1
                && scrape.Types.Count >= Scrape.OfAHostAtWork.Count && scrape.Values["streaming_broker_lag_records"] == 0;
        });

        Assert.Equal(Scrape.OfAHostAtWork, scrape.Types);
        Assert.Equal(Events + 1, scrape.Values[Paid]);
        Assert.Equal(1, scrape.Values["streaming_records_rejected_total{reason=\"not-json\"}"]);
        Assert.Equal(1, scrape.Values["streaming_ready"]);
        Assert.InRange(scrape.Values["streaming_record_durable_seconds_count"], 1, Events + 2);

        string[] wanted =
        [
            "commit_age_seconds", "lag_records", "landing_seconds", "latency_seconds", "members_aside", "outbox_age_seconds",
            "outbox_waiting", "parked_items", "records_per_second",
        ];
        await Until.TrueAsync(async () =>
            wanted.All((await parts.ClickHouse.QueryAsync("SELECT DISTINCT metric FROM engagement.health")).Split('\n').Contains));

        Assert.Equal(0, await silo.LeaveAsync());
        Assert.Contains("messaging.kafka.offset", (await collector.NextAsync("/v1/traces")).Body, StringComparison.Ordinal);
        Assert.Contains("streaming-silo", (await collector.NextAsync("/v1/metrics")).Body, StringComparison.Ordinal);
    }
}
