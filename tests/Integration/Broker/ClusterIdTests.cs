using Streaming.App.Broker;

namespace Streaming.Integration.Tests.Broker;

/// <summary>An id that begins with a dash is an option to Kafka's own tools: one start in 64 failed on it.</summary>
public sealed class ClusterIdTests
{
    [Fact]
    public void No_cluster_id_begins_with_a_dash()
    {
        for (var draw = 0; draw < 2_000; draw++)
        {
            Assert.Matches("^[A-Za-f][A-Za-z0-9_-]{21}$", ApacheKafkaBroker.NewClusterId());
        }
    }
}
