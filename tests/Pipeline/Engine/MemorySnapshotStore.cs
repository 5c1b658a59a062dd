using Streaming.Engine.Storing;
using Streaming.Members;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>A snapshot store in memory. A snapshot can be read once its commit is durable.</summary>
internal sealed class MemorySnapshotStore : IMemberReader
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
        foreach (var row in written.Where(r => r.Commit <= number))
        {
            if (row.Standing) Assert.Equal(rows[Name(row.Id.Span)].Wake, row.Wake);
            rows[Name(row.Id.Span)] = row;
        }

        written.RemoveAll(r => r.Commit <= number);
    }

    public bool TryRead(ReadOnlySpan<byte> id, out StoredMember snapshot)
    {
        var there = rows.TryGetValue(Name(id), out var row);
        snapshot = there ? new StoredMember(row.State.Span, row.Commit, row.Wake) : default;
        return there;
    }

    public IReadOnlyList<StoredWake> WakesAfter(long wake, ReadOnlySpan<byte> afterId, long upTo, int most)
    {
        var after = Name(afterId);
        return [.. rows.Values.Where(r => r.Wake != Member.Never && r.Wake <= upTo
            && (r.Wake > wake || (r.Wake == wake && string.CompareOrdinal(Name(r.Id.Span), after) > 0)))
            .OrderBy(r => r.Wake).ThenBy(r => Name(r.Id.Span), StringComparer.Ordinal).Take(most)
                .Select(r => new StoredWake(r.Id.ToArray(), r.Wake))];
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
        return [.. rows.Values.Select(r => r.Id.ToArray()).Where(id => string.CompareOrdinal(Name(id), after) > 0)
            .OrderBy(id => Name(id), StringComparer.Ordinal).Take(most)];
    }

    public void Dispose()
    {
    }

    private static string Name(ReadOnlySpan<byte> id) => System.Text.Encoding.Latin1.GetString(id);
}
