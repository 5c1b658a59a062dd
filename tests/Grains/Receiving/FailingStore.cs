using Streaming.Engine.Storing;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Tests.Receiving;

/// <summary>A store whose commits fail as a test asks: before they are written, or after, when nobody knows.</summary>
public sealed class FailingStore(IClusterStore inner) : IClusterStore
{
    private int before, after;

    /// <summary>Attempts of commits so far.</summary>
    public int Attempts { get; private set; }

    /// <summary>That many attempts fail, and nothing of them is written.</summary>
    public void RefuseNext(int attempts) => before = attempts;

    /// <summary>That many attempts are written, and their answer is lost.</summary>
    public void LoseAnswers(int attempts) => after = attempts;

    public async Task CommitAsync(SiloCommit commit, CancellationToken cancel)
    {
        Attempts++;
        if (before-- > 0) throw new StoreException("refused by the test", true);
        await inner.CommitAsync(commit, cancel);
        if (after-- > 0) throw new StoreException("answer lost by the test", true);
    }

    public Task<IReadOnlyList<MemberRecord>> ReadAsync(IReadOnlyList<byte[]> ids, CancellationToken cancel) => inner.ReadAsync(ids, cancel);

    public Task<Assignment> AssignAsync(string topic, int partition, string topicId, CancellationToken cancel) =>
        inner.AssignAsync(topic, partition, topicId, cancel);

    public Task<IReadOnlyDictionary<int, long>> PositionsAsync(string topicId, int partition, CancellationToken cancel) =>
        inner.PositionsAsync(topicId, partition, cancel);

    public Task<IReadOnlyList<PartitionProgress>> ProgressAsync(IReadOnlyList<PartitionProgress> progress, CancellationToken cancel) =>
        inner.ProgressAsync(progress, cancel);

    public Task<long> ProvenAsync(IReadOnlyCollection<InputPartition> inputs, CancellationToken cancel) =>
        inner.ProvenAsync(inputs, cancel);

    public Task<IReadOnlyList<byte[]>> DueAsync(int bucket, long upTo, int most, CancellationToken cancel) =>
        inner.DueAsync(bucket, upTo, most, cancel);

    public Task<IReadOnlyList<byte[]>> NotSettledUnderAsync(int bucket, ulong rules, byte[] after, int most, CancellationToken cancel) =>
        inner.NotSettledUnderAsync(bucket, rules, after, most, cancel);

    public Task<IReadOnlyList<byte[]>> IdsAsync(int bucket, byte[] after, int most, CancellationToken cancel) =>
        inner.IdsAsync(bucket, after, most, cancel);
}
