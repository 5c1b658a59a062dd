using System.Globalization;
using Streaming.Ops.Hosting;

namespace Streaming.Integration.Ops;

public class MetricsTests
{
    [Fact]
    public async Task Figures_are_there_in_Prometheus_format()
    {
        await using var ops = await OpsFixture.StartAsync();
        ops.Host.Say(FakeHost.Well with
        {
            Applied = new Dictionary<string, long> { ["paid"] = 12, ["view"] = 3 },
            Rejected = new Dictionary<string, long> { ["not-json"] = 2 },
            SpoolBytes = 1L << 40,
            Parked = 1,
            Broker = new BrokerStatus { Lag = 7, Delivered = 9 },
        });

        using var answer = await ops.Http.GetAsync(new Uri("/v1/metrics", UriKind.Relative));
        var lines = (await answer.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n');

        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.Subset(
            lines.ToHashSet(),
            new HashSet<string>
            {
                "streaming_events_applied_total{kind=\"paid\"} 12", "streaming_events_applied_total{kind=\"view\"} 3",
                "streaming_records_rejected_total{reason=\"not-json\"} 2", "streaming_spool_bytes 1099511627776",
                "streaming_parked_items 1",
                "streaming_broker_lag_records 7", "streaming_broker_messages_delivered_total 9", "streaming_ready 1",
            });
        Assert.All(lines.Where(l => l[0] != '#'), l =>
            Assert.True(double.TryParse(l.Split(' ')[1], NumberStyles.Float, CultureInfo.InvariantCulture, out _), l));
        Assert.All(lines.Where(l => l[0] != '#').Select(l => l.Split(' ', '{')[0]).Distinct(),
            name => Assert.Single(lines, l => l.StartsWith($"# TYPE {name} ", StringComparison.Ordinal)));
    }
}
