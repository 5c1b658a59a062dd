using Microsoft.Data.Sqlite;
using Streaming.Engine.Storing;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>A store that an earlier version of the program wrote is converted to the current tables, or stays unchanged when that
/// fails.</summary>
public sealed class OldFormatTests : IDisposable
{
    private const string Version2 = """
        CREATE TABLE members (id BLOB PRIMARY KEY, number INTEGER NOT NULL, due INTEGER, rules INTEGER NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;
        CREATE INDEX members_due ON members (due) WHERE due IS NOT NULL;
        CREATE TABLE blocks (id INTEGER PRIMARY KEY, target TEXT NOT NULL, number INTEGER NOT NULL, rows INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE (target, number));
        INSERT INTO blocks VALUES (1, 'activity_rows', 5, 2, zeroblob(300000)), (2, 'health_rows', 8, 1, x'0102');
        INSERT INTO members VALUES (x'0103', 3, NULL, 7, x'CC'), (x'0101', 1, 50, 7, x'AA'), (x'0102', 2, 40, 8, zeroblob(3000));
        """;

    private readonly TemporaryDirectory folder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_store_of_an_older_format_keeps_its_members_and_blocks(int version)
    {
        var tables = version == 3 ? Version2.Replace(" WITHOUT ROWID", "", StringComparison.Ordinal)
            .Replace("members (due)", "members (due, id)", StringComparison.Ordinal) : Version2;
        Write(tables + $"PRAGMA user_version = {version}");
        for (var time = 0; time < 2; time++)
        {
            using var place = new TemporaryStore(folder.Path);
            using var reader = place.Store.OpenReader();
            Assert.Equal([[1, 1], [1, 2], [1, 3]], reader.Ids([], 10));
            Assert.Equal([(40L, 2), (50L, 1)], reader.WakesAfter(0, [], 100, 10).Select(w => (w.At, (int)w.Id[1])));
            Assert.Equal([[1, 2]], reader.NotSettledUnder(7, [], 10, out _));
            Assert.True(reader.TryRead([1, 2], out var found));
            Assert.Equal((2L, 40L, 3000), (found.Commit, found.Wake, found.State.Length));
            Assert.True(reader.TryRead([1, 3], out found));
            Assert.Equal((3L, long.MaxValue, (byte)0xCC), (found.Commit, found.Wake, found.State[0]));
            Assert.Equal([(5L, 300_000)], place.Store.Blocks.Pending("activity_rows", 10).Select(b => (b.Number, b.Bytes)));
            Assert.Equal([1, 2], place.Store.Blocks.Read("health_rows", 8));
        }

        Assert.Equal((long)Schema.Version, Ask("PRAGMA user_version"));
        Assert.Equal(0L, Ask("SELECT count(*) FROM sqlite_master WHERE name = 'members_before' OR (name = 'members' AND sql LIKE " +
            "'%WITHOUT%')"));
    }

    [Fact]
    public void A_store_that_cannot_be_converted_is_left_unchanged()
    {
        Write(Version2 + "CREATE TABLE members_before (other INTEGER); PRAGMA user_version = 2");
        using (var directory = DataDirectory.Open(folder.Path)) Assert.Throws<StoreException>(() => SqliteStore.Open(directory));
        Assert.Equal(2L, Ask("PRAGMA user_version"));
        Assert.Equal(3L, Ask("SELECT count(*) FROM members"));
    }

    [Fact]
    public void A_store_of_a_later_version_is_refused_with_a_sentence()
    {
        Write("PRAGMA user_version = 99");
        using var directory = DataDirectory.Open(folder.Path);
        Assert.Contains("format 99", Assert.Throws<StoreException>(() => SqliteStore.Open(directory)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void Write(string sql) => Ask(sql);

    private object? Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
