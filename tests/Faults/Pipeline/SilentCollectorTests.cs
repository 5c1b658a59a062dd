using System.Net;
using System.Net.Sockets;
using Streaming.TestKit;

namespace Streaming.Faults.Pipeline;

/// <summary>A collector of metrics and traces that accepts connections and never answers.</summary>
public sealed class SilentCollectorTests
{
    [Fact]
    public async Task It_holds_up_neither_events_nor_the_stop()
    {
        using var files = new TemporaryDirectory();
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var shoppers = new PurchaseProducer(members: 5, purchasesEach: 2);
        await using var pipeline = await RunningPipeline.StartAsync(files.Path, KafkaKind.Mock,
            ("STREAMING__Telemetry__OtlpEndpoint", $"http://{collector.LocalEndpoint}"),
            ("STREAMING__Telemetry__OtlpProtocol", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "100"));

        using var asking = await collector.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal('P', asking.GetStream().ReadByte()); // of POST: it waits for an answer from now on
        await shoppers.SendAsync(pipeline.Kafka, 0, 2);
        await shoppers.CountedOnceAsync(pipeline, 2);
        Assert.Equal(HttpStatusCode.OK, (await pipeline.ReadyAsync()).Status);

        Assert.Equal(0, await pipeline.StopAsync());
        Assert.DoesNotContain(" crit: ", pipeline.Output, StringComparison.Ordinal);
        Assert.False(ProcessTree.IsNamed(files.Path));
    }
}
