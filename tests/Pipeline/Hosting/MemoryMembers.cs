using Streaming.Members;
using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Tests.Hosting;

/// <summary>Snapshots as a store holds them: there once they are durable, and not before.</summary>
internal sealed class MemoryMembers : IMemberReader
{
    private readonly Dictionary<string, SnapshotRow> rows = new(StringComparer.Ordinal);
    private readonly List<SnapshotRow> written = [];

    /// <summary>The last durable commit.</summary>
    public long Durable { get; private set; }

    /// <summary>A snapshot is on its way with a commit.</summary>
    public void Write(SnapshotRow row) => written.Add(row);

    /// <summary>Commits up to here are durable.</summary>
    public void Commit(long number)
    {
        Durable = number;
        foreach (var row in written.Where(r => r.Commit <= number)) rows[Name(row.Id)] = row;
        written.RemoveAll(r => r.Commit <= number);
    }

    public bool TryRead(ReadOnlySpan<byte> id, out StoredMember snapshot)
    {
        var there = rows.TryGetValue(Name(id), out var row);
        snapshot = there ? new StoredMember(row.State, row.Commit) : default;
        return there;
    }

    public IReadOnlyList<StoredDue> DueAfter(long due, ReadOnlySpan<byte> afterId, long upTo, int most)
    {
        var after = Name(afterId);
        return [.. rows.Values.Where(r => r.Due != Member.Never && r.Due <= upTo && (r.Due > due || (r.Due == due && string.CompareOrdinal(Name(r.Id), after) > 0)))
            .OrderBy(r => r.Due).ThenBy(r => Name(r.Id), StringComparer.Ordinal).Take(most).Select(r => new StoredDue(r.Id, r.Due))];
    }

    public IReadOnlyList<byte[]> NotSettledUnder(ulong rules, ReadOnlySpan<byte> afterId, int look, out byte[]? last)
    {
        var ids = Ids(afterId, look);
        last = ids.Count < look ? null : ids[^1];
        return [.. ids.Where(id => rows[Name(id)].Rules != rules)];
    }

    public IReadOnlyList<byte[]> Ids(ReadOnlySpan<byte> afterId, int most)
    {
        var after = Name(afterId);
        return [.. rows.Values.Select(r => r.Id).Where(id => string.CompareOrdinal(Name(id), after) > 0).OrderBy(id => Name(id), StringComparer.Ordinal).Take(most)];
    }

    public void Dispose()
    {
    }

    private static string Name(ReadOnlySpan<byte> id) => System.Text.Encoding.Latin1.GetString(id);
}
