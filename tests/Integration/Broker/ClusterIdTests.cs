using Streaming.App.Broker;

namespace Streaming.Integration.Tests.Broker;

/// <summary>A cluster id must not begin with a dash: Kafka's tools would read it as an option.</summary>
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
