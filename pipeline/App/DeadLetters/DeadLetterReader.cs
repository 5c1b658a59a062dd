using Confluent.Kafka;
using Streaming.Common.CommandLine;
using Streaming.Kafka.Client;

namespace Streaming.App.DeadLetters;

/// <summary>Reads the topic of dead letters from its start to where it ended when this was made:
/// partition by partition, so that the order is the same each time.</summary>
internal sealed class DeadLetterReader : IDisposable
{
    /// <summary>How long a broker may take to answer.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private readonly IConsumer<byte[]?, byte[]?> consumer;
    private readonly List<(TopicPartition At, long Low, long High)> partitions;

    /// <summary>Asks the broker where the topic's partitions begin and end.</summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    /// <exception cref="CommandException">It has no such topic.</exception>
    public DeadLetterReader(KafkaSettings settings, string topic)
    {
        using var admin = new AdminClientBuilder(settings.Admin()).SetLogHandler((_, _) => { }).Build();
        var found = admin.GetMetadata(AnswerWithin).Topics.FirstOrDefault(t => t.Topic == topic)
            ?? throw new CommandException($"The broker has no topic {topic}: is this the broker of the installation (--kafka), and its " +
                "prefix (--topic-prefix)?", ExitCodes.WrongUsage);
        consumer = new ConsumerBuilder<byte[]?, byte[]?>(settings.Consumer()).SetLogHandler((_, _) => { }).Build();
        partitions = [];
        foreach (var partition in found.Partitions.Select(p => new TopicPartition(topic, p.PartitionId)).OrderBy(p => p.Partition.Value))
        {
            var ends = consumer.QueryWatermarkOffsets(partition, AnswerWithin);
            partitions.Add((partition, ends.Low, ends.High));
        }
    }

    /// <summary>Which letters have been sent again.</summary>
    public HashSet<(int Partition, long Offset)> Redriven() => [.. All().Select(l => l.Redriven).OfType<(int, long)>()];

    /// <summary>Every message there is.</summary>
    /// <exception cref="CommandException">The broker stopped answering.</exception>
    public IEnumerable<StoredDeadLetter> All()
    {
        foreach (var (at, low, high) in partitions)
        {
            if (low >= high) continue;
            consumer.Assign(new TopicPartitionOffset(at, low));
            for (var next = low; next < high;)
            {
                var result = consumer.Consume(AnswerWithin)
                    ?? throw new CommandException($"The broker has not answered for {AnswerWithin.TotalSeconds:0} s; nothing more " +
                    "was read.");
                if (result.IsPartitionEOF || result.Offset.Value >= high) break; // only transaction markers are left up to the end
                next = result.Offset.Value + 1;
                yield return new StoredDeadLetter(at.Partition.Value, result.Offset.Value, result.Message);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => consumer.Dispose();
}
