using Streaming.Engine.Status;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Engine;

public sealed class HostStatusTests
{
    [Fact]
    public void A_silos_durable_latency_is_measured_from_record_timestamps()
    {
        var clock = new ManualClock();
        using var status = new HostStatus { Clock = clock };
        var hourAgo = clock.Now - 3_600_000;
        status.Durable([hourAgo, hourAgo]);
        Assert.Equal(2, status.Latency.Count);
        Assert.InRange(status.Latency.Quantile(0.5), 3_600 * 0.94, 3_600 * 1.06); // buckets of about 6 %
    }
}
