using Microsoft.Data.Sqlite;

namespace Streaming.Pipeline.Store;

/// <summary>Reads members over a connection of its own. Not thread-safe: one per shard.</summary>
internal sealed class MemberReader : IMemberReader
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand one, due, ids, unsettled;
    private byte[] state = [];

    public MemberReader(SqliteConnection connection)
    {
        this.connection = connection;
        one = Prepare("SELECT number, state FROM members WHERE id = $0", 1);
        due = Prepare("SELECT id, due FROM members WHERE due IS NOT NULL AND (due, id) > ($0, $1) AND due <= $2 ORDER BY due, id LIMIT $3", 4);
        ids = Prepare("SELECT id FROM members WHERE id > $0 ORDER BY id LIMIT $1", 2);
        unsettled = Prepare("SELECT id FROM members WHERE id > $1 AND rules <> $0 ORDER BY id LIMIT $2", 3);
    }

    public bool TryRead(ReadOnlySpan<byte> id, out StoredMember snapshot)
    {
        one.Parameters[0].Value = id.ToArray();
        using var row = one.ExecuteReader();
        if (!row.Read())
        {
            snapshot = default;
            return false;
        }

        state = row.GetFieldValue<byte[]>(1);
        snapshot = new StoredMember(state, row.GetInt64(0));
        return true;
    }

    public IReadOnlyList<StoredDue> DueAfter(long after, ReadOnlySpan<byte> afterId, long upTo, int most)
    {
        due.Parameters[0].Value = after;
        due.Parameters[1].Value = afterId.ToArray();
        due.Parameters[2].Value = upTo;
        due.Parameters[3].Value = most;
        using var rows = due.ExecuteReader();
        var found = new List<StoredDue>();
        while (rows.Read()) found.Add(new StoredDue(rows.GetFieldValue<byte[]>(0), rows.GetInt64(1)));
        return found;
    }

    public IReadOnlyList<byte[]> Ids(ReadOnlySpan<byte> afterId, int most)
    {
        ids.Parameters[0].Value = afterId.ToArray();
        ids.Parameters[1].Value = most;
        return IdsOf(ids);
    }

    public IReadOnlyList<byte[]> NotSettledUnder(ulong rules, ReadOnlySpan<byte> afterId, int most)
    {
        unsettled.Parameters[0].Value = unchecked((long)rules);
        unsettled.Parameters[1].Value = afterId.ToArray();
        unsettled.Parameters[2].Value = most;
        return IdsOf(unsettled);
    }

    public void Dispose()
    {
        one.Dispose();
        due.Dispose();
        ids.Dispose();
        unsettled.Dispose();
        connection.Dispose();
    }

    private static List<byte[]> IdsOf(SqliteCommand command)
    {
        using var rows = command.ExecuteReader();
        var found = new List<byte[]>();
        while (rows.Read()) found.Add(rows.GetFieldValue<byte[]>(0));
        return found;
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++) command.Parameters.Add(new SqliteParameter { ParameterName = "$" + (char)('0' + i) });
        return command;
    }
}
