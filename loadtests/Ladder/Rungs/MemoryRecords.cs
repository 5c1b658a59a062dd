using System.Runtime.InteropServices;
using Streaming.Contract.Records;

namespace Streaming.Loadtests.Ladder.Rungs;

/// <summary>All records of a run in memory: the first half as it came, then those of members met in
/// it, then those of others. Each member's keep their order.</summary>
internal sealed class MemoryRecords
{
    private readonly List<InputRecord> records;
    private readonly int half, known;

    private MemoryRecords(List<InputRecord> records)
    {
        this.records = records;
        half = known = records.Count / 2;
        var met = new HashSet<ulong>();
        for (var i = 0; i < half; i++) met.Add(StableHash.Of(records[i].Key));
        var others = new List<InputRecord>();
        for (var i = half; i < records.Count; i++)
        {
            if (met.Contains(StableHash.Of(records[i].Key))) records[known++] = records[i];
            else others.Add(records[i]);
        }

        others.CopyTo(CollectionsMarshal.AsSpan(records)[known..]);
    }

    /// <summary>All of them.</summary>
    public ReadOnlySpan<InputRecord> All => CollectionsMarshal.AsSpan(records);

    /// <summary>The first half.</summary>
    public ReadOnlySpan<InputRecord> FirstHalf => All[..half];

    /// <summary>Those of the second half whose members the first half met.</summary>
    public ReadOnlySpan<InputRecord> OfMembersMetBefore => All[half..known];

    /// <summary>The others of the second half.</summary>
    public ReadOnlySpan<InputRecord> OfNewMembers => All[known..];

    /// <summary>Reads them from the broker.</summary>
    public static MemoryRecords Load(RungContext context, CancellationToken stop)
    {
        var read = new List<InputRecord>();
        var buffer = new RecordBuffer(keep: true);
        TopicReader.Read(context, (topic, result) => read.Add(buffer.Copy(topic, result)), stop);
        return new MemoryRecords(read);
    }
}
