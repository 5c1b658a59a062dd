using Streaming.Contract.Messages;
using Streaming.Engine.Batches;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Tests.Cluster;

/// <summary>What all silos of a test made durable.</summary>
/// <param name="sent">Told of every message.</param>
public sealed class Landings(Action<OutputTopic, byte[]> sent)
{
    private readonly Lock gate = new();

    /// <summary>Events applied: once each, whatever happened.</summary>
    public long Applied { get; private set; }

    /// <summary>Records rejected.</summary>
    public long Rejected { get; private set; }

    /// <summary>Events a member had seen before: a producer's repeats, and records applied twice if positions did not hold.</summary>
    public long Duplicates { get; private set; }

    public void Add(SiloCommit commit, IReadOnlyList<BatchCounts> counts)
    {
        lock (gate)
        {
            Applied += counts.Sum(c => c.Applied.Sum());
            Rejected += counts.Sum(c => c.Rejected.Sum());
            Duplicates += counts.Sum(c => c.Duplicates);
            var rest = OutputCodec.Messages(commit.Outputs.Span);
            while (OutputMessages.Next(ref rest, out var message)) sent(message.Topic, message.Value.ToArray());
        }
    }
}
