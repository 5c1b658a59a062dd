using Confluent.Kafka;
using Streaming.Common.CommandLine;
using Streaming.Members.Events;

namespace Streaming.Loadtests.Ladder.Rungs;

/// <summary>Reads the four input topics from their starts to their present ends with
/// Confluent.Kafka's consumer, configured as the pipeline's.</summary>
internal static class TopicReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Hands over every record, in the order in which they come.</summary>
    /// <exception cref="CommandException">Nothing came for 30 seconds.</exception>
    public static void Read(RungContext context, Action<Topic, ConsumeResult<byte[]?, byte[]?>> take, CancellationToken stop)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(context.Kafka.Consumer()).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var wanted = context.Topics.Names.Where(n => context.Topics.Find(n) != Topic.Signals).ToHashSet(StringComparer.Ordinal);
        var partitions = admin.GetMetadata(Patience).Topics.Where(t => wanted.Contains(t.Topic))
            .SelectMany(t => t.Partitions.Select(p => new TopicPartitionOffset(t.Topic, p.PartitionId, Offset.Beginning))).ToList();
        consumer.Assign(partitions);
        for (var open = partitions.Count; open > 0;)
        {
            stop.ThrowIfCancellationRequested();
            var result = consumer.Consume(Patience) ?? throw new CommandException($"The broker at {context.Bootstrap} sent nothing for " +
                $"{Patience.TotalSeconds:0} s.");
            if (result.IsPartitionEOF) open--;
            else take(context.Topics.Find(result.Topic), result);
        }

        consumer.Close();
    }
}
