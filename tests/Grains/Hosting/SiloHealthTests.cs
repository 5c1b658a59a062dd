using Streaming.Grains.Tests.Faults;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Hosting;

/// <summary>A silo tells of itself what one machine tells: the same metrics, and in ClickHouse the same health rows.</summary>
public sealed class SiloHealthTests(SiloHealthTests.WorkingSilo silo) : IClassFixture<SiloHealthTests.WorkingSilo>
{
    private const string Paid = "streaming_events_applied_total{kind=\"paid\"}";

    [SkippableFact]
    public void A_silo_at_work_shows_every_metric()
    {
        var scrape = silo.Figures();
        Assert.Equal(PrometheusText.FamiliesOfARunningHost, scrape.Types);
        Assert.Equal(silo.Purchases, scrape.Values[Paid]);
        Assert.Equal(1, scrape.Values["streaming_records_rejected_total{reason=\"not-json\"}"]);
        Assert.Equal(1, scrape.Values["streaming_ready"]);
        Assert.InRange(scrape.Values["streaming_record_durable_seconds_count"], 1, silo.Purchases + 1);
    }

    [SkippableFact]
    public async Task It_writes_every_health_row()
    {
        silo.Figures();
        string[] wanted =
        [
            "commit_age_seconds", "lag_records", "landing_seconds", "latency_seconds", "members_aside", "outbox_age_seconds",
            "outbox_waiting", "parked_items", "records_per_second",
        ];
        await Until.TrueAsync(async () => wanted.All((await silo.Parts!.ClickHouse.QueryAsync(
            "SELECT DISTINCT metric FROM engagement.health")).Split('\n').Contains));
    }

    [SkippableFact]
    public void A_reward_carries_the_trace_of_its_purchase()
    {
        silo.Figures();
        var reward = TraceHeader.First(silo.Parts!.Kafka.BootstrapServers, "rewards", WorkingSilo.Traced);
        Assert.Equal(silo.TraceId, TraceHeader.Of(reward.Headers)?.TraceId);
    }

    [SkippableFact]
    public async Task What_it_measured_last_is_sent_to_the_collector_when_it_leaves()
    {
        silo.Figures();
        using var collector = new Collector();
        await using var other = await silo.Parts!.SiloAsync(TimeSpan.FromMinutes(1),
            more: [("Telemetry__OtlpEndpoint", collector.Url), ("Telemetry__OtlpProtocol", "http/protobuf")]);
        Assert.Equal(0, await other.LeaveAsync());
        Assert.Contains("streaming-silo", (await collector.NextAsync("/v1/metrics")).Body, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Spans_of_a_traced_purchase_go_to_the_collector()
    {
        silo.Figures();
        Assert.Contains("messaging.kafka.offset", (await silo.Collector.NextAsync("/v1/traces")).Body, StringComparison.Ordinal);
    }

    /// <summary>One silo that has applied purchases, one of them traced, and rejected a record.</summary>
    public sealed class WorkingSilo : IAsyncLifetime
    {
        public const string Traced = "traced";
        private const int Least = 200;
        private SiloProcess? process;
        private PrometheusText? figures;

        public ClusterParts? Parts { get; private set; }

        public Collector Collector { get; } = new();

        public System.Diagnostics.ActivityTraceId TraceId { get; private set; }

        public int Purchases { get; private set; }

        /// <summary>Its figures once all was applied; skips the test where there can be no silo.</summary>
        public PrometheusText Figures()
        {
            Skip.If(ClusterParts.Missing is not null, ClusterParts.Missing);
            return figures!;
        }

        public async Task InitializeAsync()
        {
            if (ClusterParts.Missing is not null) return;
            Parts = await ClusterParts.StartAsync();
            process = await Parts.SiloAsync(TimeSpan.FromMinutes(1),
                more: [("Telemetry__OtlpEndpoint", Collector.Url), ("Telemetry__OtlpProtocol", "http/protobuf")]);
            var trace = TraceHeader.New();
            TraceId = trace.TraceId;
            await PurchaseLoad.SendAsync(Parts.Kafka, Traced, trace);
            var load = new PurchaseLoad(Parts.Kafka, Least);
            await load.SendAsync(() => Task.CompletedTask);
            await load.SendBadAsync();
            Purchases = load.Sent + 1;
            await Until.TrueAsync(async () =>
            {
                figures = await process.ScrapeAsync();
                return figures.Values.GetValueOrDefault(Paid) >= Purchases && figures.Sum("streaming_records_rejected_total") == 1
                    && figures.Types.Count >= PrometheusText.FamiliesOfARunningHost.Count
                        && figures.Values["streaming_broker_lag_records"] == 0;
            });
        }

        public async Task DisposeAsync()
        {
            if (process is not null) await process.DisposeAsync();
            if (Parts is not null) await Parts.DisposeAsync();
            Collector.Dispose();
        }
    }
}
