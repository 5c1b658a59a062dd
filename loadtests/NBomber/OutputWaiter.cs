using System.Collections.Concurrent;
using System.Text.Json;
using Confluent.Kafka;
using Streaming.Kafka.Client;

namespace Streaming.Loadtests.NBomber;

/// <summary>Reads topics <c>rewards</c> and <c>churn-alerts</c> from their present ends
/// on, and tells who waits for the message of a cause.</summary>
internal sealed class OutputWaiter : IDisposable
{
    private static readonly string[] Topics = ["rewards", "churn-alerts"];
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private readonly Thread thread;
    private readonly IConsumer<byte[]?, byte[]?> consumer;

    /// <summary>Assigns the topics' partitions from their ends; every later message is seen.</summary>
    public OutputWaiter(KafkaSettings kafka, string topicPrefix)
    {
        consumer = new ConsumerBuilder<byte[]?, byte[]?>(kafka.Consumer()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { })
            .Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = Topics.Select(t => topicPrefix + t).SelectMany(t =>
            admin.GetMetadata(t, Answer).Topics.Single().Partitions.Select(p => new TopicPartition(t, p.PartitionId)));
        consumer.Assign([.. partitions.Select(p => new TopicPartitionOffset(p, consumer.QueryWatermarkOffsets(p, Answer).High))]);
        thread = new Thread(Read) { IsBackground = true, Name = "outputs" };
        thread.Start();
    }

    /// <summary>Completes when the message of this kind and cause is seen. Ask before the cause is sent.</summary>
    public Task For(string kind, string cause) =>
        waiting.GetOrAdd(Name(kind, cause), _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        thread.Join();
        consumer.Dispose();
        stop.Dispose();
    }

    private static string Name(string kind, string cause) => $"{kind} {cause}";

    private void Read()
    {
        while (!stop.IsCancellationRequested)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { IsPartitionEOF: false, Message.Value: { } value }) continue;
            using var message = JsonDocument.Parse(value);
            var root = message.RootElement;
            if (waiting.TryRemove(Name(root.GetProperty("kind"u8).GetString()!, root.GetProperty("cause"u8).GetString()!), out var waits))
            {
                waits.SetResult();
            }
        }

        consumer.Close();
    }
}
