using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contract.Records;
using Streaming.Kafka.Client;
using Streaming.Kafka.Reading;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Kafka;

/// <summary>A question to the broker that was given up runs on in the client, which must not be taken away from under it.</summary>
public sealed class TopicLogsTests
{
    [Fact]
    public async Task A_Kafka_client_is_closed_only_after_its_abandoned_request_has_ended()
    {
        KafkaNative.Load();
        using var silent = new TcpListener(IPAddress.Loopback, 0); // connects and never answers
        silent.Start();
        var settings = new KafkaSettings { Bootstrap = silent.LocalEndpoint.ToString()! };
        var admin = new AdminClientBuilder(settings.Admin()).SetLogHandler((_, _) => { }).Build();
        var handle = NativeClient.Hold(admin);
        handle.DangerousRelease();
        using var stop = new CancellationTokenSource();
        var logs = new TopicLogs(new InputTopics(""), new BrokerLogIdentity(Life), new BrokerPartitions(admin, [""]),
            new EndOffsetProbe(admin, TimeProvider.System, NullLogger.Instance));
        Assert.ThrowsAny<OperationCanceledException>(() => logs.Ask(stop.Token));

        admin.Dispose();

        Assert.False(handle.IsClosed);
        await Until.TrueAsync(() => handle.IsClosed);

        // what is asked after this is given up at once
        async Task<string> Life(CancellationToken cancel)
        {
            await stop.CancelAsync();
            return "life";
        }
    }
}
