using System.Text.Json;
using Confluent.Kafka;
using Streaming.Common.CommandLine;
using Streaming.Kafka.Client;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>Reads the output topics from their ends at the start on: what must come must come under one message id.</summary>
internal sealed class OutputFollower(KafkaSettings kafka, string topicPrefix, Expected expected, Timeline timeline)
{
    private static readonly string[] Topics = ["rewards", "churn-alerts", "care-actions"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Dictionary<string, string> seen = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when nothing sent from now on can be missed.</summary>
    public Task Ready => ready.Task;

    /// <summary>Messages that came again under their id: allowed, consumers drop them.</summary>
    public long Repeated { get; private set; }

    /// <summary>Effects that came under two ids: never allowed.</summary>
    public long Twice { get; private set; }

    /// <summary>Reads until stopped.</summary>
    public void Run(CancellationToken stop)
    {
        try
        {
            using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(kafka.Consumer()).SetLogHandler((_, _) => { })
                .SetErrorHandler((_, _) => { }).Build();
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            consumer.Assign([.. Topics.SelectMany(topic => Partitions(admin, topicPrefix + topic))
                .Select(p => new TopicPartitionOffset(p, consumer.QueryWatermarkOffsets(p, Patience).High))]);
            ready.TrySetResult();
            while (!stop.IsCancellationRequested)
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(50)) is { IsPartitionEOF: false, Message.Value: { } value }) Take(value);
            }

            consumer.Close();
        }
        catch (Exception e) when (e is KafkaException or CommandException)
        {
            ready.TrySetException(e);
            throw;
        }
    }

    private static IEnumerable<TopicPartition> Partitions(IAdminClient admin, string topic)
    {
        var found = admin.GetMetadata(topic, Patience).Topics.Single();
        return found.Error.IsError
            ? throw new CommandException($"The topic {topic} cannot be read ({found.Error.Reason}): has a pipeline run against " +
                $"this broker?")
            : found.Partitions.Select(p => new TopicPartition(topic, p.PartitionId));
    }

    private void Take(byte[] value)
    {
        using var message = JsonDocument.Parse(value);
        var root = message.RootElement;
        var (kind, id) = (root.GetProperty("kind"u8).GetString()!, root.GetProperty("id"u8).GetString()!);
        // an effect of an event is known by its cause, one of the calendar by its member
        if (!Came(Expected.Message(kind, root.GetProperty("cause"u8).GetString()!), id))
        {
            Came(Expected.Message(kind, root.GetProperty("member"u8).GetString()!), id);
        }
    }

    private bool Came(string message, string id)
    {
        if (expected.Awaited.TryRemove(message, out var awaited))
        {
            seen[message] = id;
            timeline.Came(awaited.Way, awaited.Due);
            return true;
        }

        if (!seen.TryGetValue(message, out var first)) return false;
        if (first == id) Repeated++;
        else Twice++;
        return true;
    }
}
