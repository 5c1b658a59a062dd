using Streaming.Members;

namespace Streaming.Grains.Storage;

/// <summary>A cluster store in this process's memory: for a try-out and for tests. It
/// ends with the process, and no other process sees it.</summary>
/// <param name="buckets">How many buckets members are in.</param>
/// <param name="clock">Time for leases.</param>
public sealed class MemoryClusterStore(int buckets, TimeProvider clock) : IClusterStore
{
    private readonly Lock gate = new();
    private readonly MemoryBucket[] members = [.. Enumerable.Range(0, buckets).Select(_ => new MemoryBucket())];
    private readonly Dictionary<InputPartition, PartitionProgress> partitions = [];
    private readonly Dictionary<InputPartition, SortedDictionary<int, long>> positions = [];

    /// <summary>Its outboxes.</summary>
    public MemoryOutboxes Outboxes { get; } = new(clock);

    /// <inheritdoc/>
    public Task CommitAsync(SiloCommit commit, CancellationToken cancel)
    {
        lock (gate)
        {
            var outbox = Outboxes.Of(commit.Lease);
            lock (outbox)
            {
                if (outbox.Last == commit.Id && outbox.Number == commit.Number) return Task.CompletedTask;
                if (outbox.Number != commit.Number - 1)
                {
                    throw new FencedException($"Commit {commit.Number} of outbox {commit.Lease.Writer} does not follow {outbox.Number}.");
                }
                Check(commit);
                foreach (var member in commit.Members) members[member.Bucket].Put(member);
                foreach (var p in commit.Positions) PositionsOf(p.TopicId, p.Partition)[p.Bucket] = p.Next;
                outbox.Add(commit);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MemberRecord>> ReadAsync(IReadOnlyList<byte[]> ids, CancellationToken cancel)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<MemberRecord>>([.. ids.Select(id => members[Bucket.Of(id, buckets)].Find(id))
                .OfType<MemberRecord>()]);
        }
    }

    /// <inheritdoc/>
    public Task<Assignment> AssignAsync(string topic, int partition, string topicId, CancellationToken cancel)
    {
        lock (gate)
        {
            var key = new InputPartition(topicId, partition);
            var known = partitions.GetValueOrDefault(key, new PartitionProgress(topicId, partition, 0, 0, long.MinValue));
            partitions[key] = known = known with { Generation = known.Generation + 1 };
            return Task.FromResult(new Assignment(known.Generation, known.Next));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<int, long>> PositionsAsync(string topicId, int partition, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult<IReadOnlyDictionary<int, long>>(new Dictionary<int, long>(PositionsOf(topicId, partition)));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PartitionProgress>> ProgressAsync(IReadOnlyList<PartitionProgress> progress, CancellationToken cancel)
    {
        lock (gate)
        {
            var old = new List<PartitionProgress>();
            foreach (var p in progress)
            {
                var key = new InputPartition(p.TopicId, p.Partition);
                if (!partitions.TryGetValue(key, out var known) || known.Generation != p.Generation) old.Add(p);
                else partitions[key] = p with { Next = Math.Max(p.Next, known.Next), Proven = Math.Max(p.Proven, known.Proven) };
            }

            return Task.FromResult<IReadOnlyList<PartitionProgress>>(old);
        }
    }

    /// <inheritdoc/>
    public Task<long> ProvenAsync(IReadOnlyCollection<InputPartition> inputs, CancellationToken cancel)
    {
        lock (gate)
        {
            return Task.FromResult(inputs.Count == 0 ? long.MinValue : inputs.Min(p => partitions.TryGetValue(p, out var known)
                ? known.Proven : long.MinValue));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<byte[]>> DueAsync(int bucket, long upTo, int most, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(members[bucket].Due(upTo, most));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<byte[]>> NotSettledUnderAsync(int bucket, ulong rules, byte[] after, int most, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(members[bucket].After(after, most, m => m.Rules != rules));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<byte[]>> IdsAsync(int bucket, byte[] after, int most, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(members[bucket].After(after, most, _ => true));
    }

    private void Check(SiloCommit commit)
    {
        foreach (var f in commit.Fences)
        {
            if (!partitions.TryGetValue(new InputPartition(f.TopicId, f.Partition), out var p) || p.Generation != f.Generation)
                throw new FencedException($"Partition {f.Partition} of topic {f.TopicId} has a newer assignment than {f.Generation}.");
        }

        foreach (var m in commit.Members)
        {
            if ((members[m.Bucket].Find(m.Id)?.Version ?? 0) != m.Version - 1)
            {
                throw new FencedException($"A member of bucket {m.Bucket} is no longer at version {m.Version - 1}.");
            }
        }

        foreach (var p in commit.Positions)
        {
            if (PositionsOf(p.TopicId, p.Partition).GetValueOrDefault(p.Bucket) != p.From)
                throw new FencedException($"Bucket {p.Bucket} no longer stands at {p.From} in partition {p.Partition} of topic {p.TopicId}.");
        }
    }

    private SortedDictionary<int, long> PositionsOf(string topicId, int partition)
    {
        var key = new InputPartition(topicId, partition);
        if (!positions.TryGetValue(key, out var found)) positions[key] = found = [];
        return found;
    }
}

/// <summary>The members of one bucket, by id and by due time.</summary>
internal sealed class MemoryBucket
{
    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));
    private readonly SortedDictionary<byte[], MemberRecord> members = new(ByBytes);
    private readonly SortedSet<(long Due, byte[] Id)> due =
        new(Comparer<(long Due, byte[] Id)>.Create((a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : ByBytes.Compare(a.Id, b.Id)));

    public MemberRecord? Find(byte[] id) => members.TryGetValue(id, out var found) ? found : null;

    public void Put(MemberRecord member)
    {
        if (members.TryGetValue(member.Id, out var before)) due.Remove((before.Due, before.Id));
        members[member.Id] = member;
        if (member.Due != Member.Never) due.Add((member.Due, member.Id));
    }

    public IReadOnlyList<byte[]> Due(long upTo, int most) => [.. due.TakeWhile(d => d.Due <= upTo).Take(most).Select(d => d.Id)];

    public IReadOnlyList<byte[]> After(byte[] after, int most, Func<MemberRecord, bool> which) =>
        [.. members.Values.Where(m => ByBytes.Compare(m.Id, after) > 0 && which(m)).Take(most).Select(m => m.Id)];
}
