using System.Text.Json;
using Confluent.Kafka;
using Streaming.Pipeline.Kafka;

namespace Streaming.Load;

/// <summary>Reads the topic <c>rewards</c> from its end at the start on: every purchase must bring points, under one message id.</summary>
internal sealed class RewardFollower(KafkaSettings kafka, Expected expected, Timeline timeline)
{
    private const string Topic = "rewards";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Dictionary<string, string> rewarded = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when nothing sent from now on can be missed.</summary>
    public Task Ready => ready.Task;

    /// <summary>Messages that came again under their id: allowed, consumers drop them.</summary>
    public long Repeated { get; private set; }

    /// <summary>Purchases that brought points under two ids: never allowed.</summary>
    public long Twice { get; private set; }

    /// <summary>Reads until stopped.</summary>
    public void Run(CancellationToken stop)
    {
        try
        {
            using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(kafka.Consumer()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            var partitions = admin.GetMetadata(Topic, Patience).Topics.Single().Partitions.Select(p => new TopicPartition(Topic, p.PartitionId));
            consumer.Assign([.. partitions.Select(p => new TopicPartitionOffset(p, consumer.QueryWatermarkOffsets(p, Patience).High))]);
            ready.TrySetResult();
            while (!stop.IsCancellationRequested)
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(50)) is { IsPartitionEOF: false, Message.Value: { } value }) Take(value);
            }

            consumer.Close();
        }
        catch (KafkaException e)
        {
            ready.TrySetException(e);
            throw;
        }
    }

    private void Take(byte[] value)
    {
        using var message = JsonDocument.Parse(value);
        var root = message.RootElement;
        if (!root.TryGetProperty("kind"u8, out var kind) || !kind.ValueEquals("points-earned"u8)) return;
        var (id, cause) = (root.GetProperty("id"u8).GetString()!, root.GetProperty("cause"u8).GetString()!);
        if (expected.Unrewarded.TryRemove(cause, out var due))
        {
            rewarded[cause] = id;
            timeline.Rewarded(due);
        }
        else if (rewarded.TryGetValue(cause, out var first))
        {
            if (first == id) Repeated++;
            else Twice++;
        }
    }
}
