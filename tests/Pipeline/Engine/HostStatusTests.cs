using Streaming.Engine.Status;

namespace Streaming.Pipeline.Tests.Engine;

public sealed class HostStatusTests
{
    [Fact]
    public void A_silos_durable_latency_is_measured_from_record_timestamps()
    {
        using var status = new HostStatus();
        var hourAgo = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 3_600_000;
        status.Durable([hourAgo, hourAgo]);
        Assert.Equal(2, status.Latency.Count);
        Assert.InRange(status.Latency.Quantile(0.5), 3_300, 7_200); // an hour, in buckets of about 6 %, however long this takes
    }
}
