using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace Streaming.TestKit;

/// <summary>The W3C trace context on messages, as a producer or consumer of another program would handle it.</summary>
public static class TraceHeader
{
    /// <summary>A message that belongs to a trace; without a header when there is none.</summary>
    public static Message<string, string> Message(string key, string value, ActivityContext? trace)
    {
        var message = new Message<string, string> { Key = key, Value = value };
        if (trace is { } t)
            message.Headers = new Headers { { "traceparent", Encoding.ASCII.GetBytes($"00-{t.TraceId}-{t.SpanId}-0{(int)t.TraceFlags}") } };
        return message;
    }

    /// <summary>The one trace context a message carries; null when there is none.</summary>
    public static ActivityContext? Of(Headers headers)
    {
        var all = headers.Where(h => h.Key == "traceparent").ToList();
        if (all.Count == 0) return null;
        return ActivityContext.Parse(Encoding.ASCII.GetString(all.Single().GetValueBytes()), null);
    }

    /// <summary>A new context, as of a producer's span that is recorded.</summary>
    public static ActivityContext New() =>
        new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    /// <summary>The first message of a member in a topic of one partition.</summary>
    public static Message<string, string> First(string bootstrap, string topic, string key)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrap, GroupId = $"traces-{Guid.NewGuid():N}", EnableAutoCommit = false,
        }).Build();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(30)).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            if (consumer.Consume(patience.Token).Message is { } message && message.Key == key) return message;
        }
    }
}
