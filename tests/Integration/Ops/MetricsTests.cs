using System.Net;
using Streaming.Engine.Status;
using Streaming.Ops;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Ops;

public class MetricsTests
{
    private static readonly Uri Metrics = new("/v1/metrics", UriKind.Relative);

    [Fact]
    public async Task Metrics_are_returned_in_Prometheus_format()
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Say(FakeHost.Well with
        {
            Applied = new Dictionary<string, long> { ["paid"] = 12, ["view"] = 3 },
            Rejected = new Dictionary<string, long> { ["not-json"] = 2 },
            Duplicates = 4,
            SpoolBytes = 1L << 40,
            Parked = 1,
            Broker = new BrokerStatus { Lag = 7, Delivered = 9 },
        });
        Measure(ops.Host.Status.Metrics);

        using var answer = await ops.Http.GetAsync(Metrics);
        var scrape = PrometheusText.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(PrometheusText.FamiliesOfARunningHost, scrape.Types);
        Assert.All(
            new Dictionary<string, double>
            {
                ["streaming_events_applied_total{kind=\"paid\"}"] = 12,
                ["streaming_events_applied_total{kind=\"view\"}"] = 3,
                ["streaming_records_rejected_total{reason=\"not-json\"}"] = 2,
                ["streaming_duplicates_total"] = 4,
                ["streaming_spool_bytes"] = 1L << 40,
                ["streaming_parked_items"] = 1,
                ["streaming_broker_lag_records"] = 7,
                ["streaming_broker_messages_delivered_total"] = 9,
                ["streaming_commit_age_seconds"] = 0,
                ["streaming_ready"] = 1,
                ["streaming_commit_write_seconds_bucket{le=\"0.005\"}"] = 0,
                ["streaming_commit_write_seconds_bucket{le=\"0.01\"}"] = 1,
                ["streaming_commit_write_seconds_count"] = 1,
                ["streaming_block_landing_seconds_bucket{le=\"60\"}"] = 0,
                ["streaming_block_landing_seconds_bucket{le=\"+Inf\"}"] = 1,
            },
            expected => Assert.Equal(expected.Value, scrape.Values[expected.Key]));
    }

    [Fact]
    public async Task Odd_facts_are_counted_by_what_was_odd()
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Say(FakeHost.Well with { Warned = new Dictionary<string, long> { ["tags-unused"] = 1 } });
        var scrape = PrometheusText.Parse(await ops.Http.GetStringAsync(Metrics));
        Assert.Equal(1, scrape.Values["streaming_fact_warnings_total{warning=\"tags-unused\"}"]);
    }

    [Fact]
    public async Task Metrics_show_a_host_that_is_not_ready()
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Say(FakeHost.Well with { CommitFailure = "the disk is full", CommitAt = 1 });
        var scrape = PrometheusText.Parse(await ops.Http.GetStringAsync(Metrics));
        Assert.Equal((0, 1), (scrape.Values["streaming_ready"], scrape.Values["streaming_commits_failing"]));
        Assert.True(scrape.Values["streaming_commit_age_seconds"] > 1_000_000);
    }

    [Fact]
    public async Task Metrics_need_the_API_key_when_one_is_set()
    {
        const string key = "0123456789abcdef";
        await using var ops = await OpsFixture.StartAsync(new OpsSettings { ApiKey = key });
        using var without = await ops.Http.GetAsync(Metrics);
        ops.Http.DefaultRequestHeaders.Add("X-Api-Key", key);
        using var with = await ops.Http.GetAsync(Metrics);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (without.StatusCode, with.StatusCode));
    }

    [Fact]
    public async Task Two_hosts_in_one_process_have_separate_metrics()
    {
        await using var one = await OpsFixture.StartAsync();
        await using var other = await OpsFixture.StartAsync();
        one.Host.Say(FakeHost.Well with { Duplicates = 1 });
        other.Host.Say(FakeHost.Well with { Duplicates = 2 });
        Assert.Equal(1, PrometheusText.Parse(await one.Http.GetStringAsync(Metrics)).Values["streaming_duplicates_total"]);
        Assert.Equal(2, PrometheusText.Parse(await other.Http.GetStringAsync(Metrics)).Values["streaming_duplicates_total"]);
    }

    private static void Measure(PipelineMetrics metrics)
    {
        metrics.RecordsRead([1_000L], 1_001);
        metrics.Applied(TimeSpan.FromMilliseconds(1));
        metrics.Written(TimeSpan.FromMilliseconds(7));
        metrics.Durable([1_000L], 1_010);
        metrics.Acknowledged(TimeSpan.FromMilliseconds(3));
        metrics.Landed(TimeSpan.FromSeconds(100));
    }
}
