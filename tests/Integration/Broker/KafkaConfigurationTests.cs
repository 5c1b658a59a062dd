using Streaming.App.Broker;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Broker;

/// <summary>The embedded Kafka has as many threads as the machine has use for.</summary>
public sealed class KafkaConfigurationTests
{
    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(2, 1, 2)]
    [InlineData(4, 2, 4)]
    [InlineData(8, 3, 8)]
    [InlineData(64, 3, 8)]
    public void Threads_follow_the_processors(int processors, int network, int requests)
    {
        Assert.Equal(network, KafkaConfiguration.NetworkThreads(processors));
        Assert.Equal(requests, KafkaConfiguration.RequestThreads(processors));
    }

    [Fact]
    public void Threads_are_in_the_file_that_the_broker_reads()
    {
        using var folder = new TemporaryDirectory();
        KafkaConfiguration.Write(folder.Path, 1, 2, processors: 4);
        var lines = File.ReadAllLines(KafkaConfiguration.ServerFile(folder.Path));
        Assert.Contains("num.network.threads=2", lines);
        Assert.Contains("num.io.threads=4", lines);
    }
}
