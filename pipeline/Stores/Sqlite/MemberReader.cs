using Microsoft.Data.Sqlite;
using Streaming.Engine.Storing;
using Streaming.Members;

namespace Streaming.Stores.Sqlite;

/// <summary>Reads members over a connection of its own. Not thread-safe: one per shard.</summary>
internal sealed class MemberReader : IMemberReader
{
    private readonly SqliteConnection connection;
    private readonly PreparedStatement one, due, ids, settled;
    private byte[] state = new byte[4 * 1024];

    public MemberReader(SqliteConnection connection)
    {
        this.connection = connection;
        one = new(connection, "SELECT number, state, coalesce(due, ?2) FROM members WHERE id = ?1");
        due = new(connection, "SELECT id, due FROM members WHERE due IS NOT NULL AND (due, id) > (?1, ?2) AND due <= ?3 ORDER BY due, " +
            "id LIMIT ?4");
        ids = new(connection, "SELECT id FROM members WHERE id > ?1 ORDER BY id LIMIT ?2");
        settled = new(connection, "SELECT id, rules FROM members WHERE id > ?1 ORDER BY id LIMIT ?2");
    }

    public bool TryRead(ReadOnlySpan<byte> id, out StoredMember snapshot)
    {
        snapshot = default;
        var found = one.Bind(1, id).Bind(2, Member.Never).Step();
        if (found)
        {
            var stored = one.Blob(1);
            if (stored.Length > state.Length) state = new byte[stored.Length * 2];
            stored.CopyTo(state);
            snapshot = new StoredMember(state.AsSpan(0, stored.Length), one.Number(0), one.Number(2));
        }

        one.Reset(); // an unfinished statement would keep the write-ahead log from being restarted
        return found;
    }

    public IReadOnlyList<StoredWake> WakesAfter(long after, ReadOnlySpan<byte> afterId, long upTo, int most)
    {
        var found = new List<StoredWake>();
        due.Bind(1, after).Bind(2, afterId).Bind(3, upTo).Bind(4, most);
        while (due.Step()) found.Add(new StoredWake(due.Blob(0).ToArray(), due.Number(1)));
        due.Reset();
        return found;
    }

    public IReadOnlyList<byte[]> Ids(ReadOnlySpan<byte> afterId, int most) => IdsOf(ids.Bind(1, afterId).Bind(2, most));

    public IReadOnlyList<byte[]> NotSettledUnder(ulong rules, ReadOnlySpan<byte> afterId, int look, out byte[]? last)
    {
        var found = new List<byte[]>();
        var looked = 0;
        last = null;
        settled.Bind(1, afterId).Bind(2, look);
        while (settled.Step())
        {
            looked++;
            var unsettled = settled.Number(1) != unchecked((long)rules);
            if (!unsettled && looked < look) continue;
            last = settled.Blob(0).ToArray();
            if (unsettled) found.Add(last);
        }

        settled.Reset();
        if (looked < look) last = null;
        return found;
    }

    public void Dispose()
    {
        one.Dispose();
        due.Dispose();
        ids.Dispose();
        settled.Dispose();
        connection.Dispose();
    }

    private static List<byte[]> IdsOf(PreparedStatement statement)
    {
        var found = new List<byte[]>();
        while (statement.Step()) found.Add(statement.Blob(0).ToArray());
        statement.Reset();
        return found;
    }
}
