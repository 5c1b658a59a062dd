namespace Streaming.Stores.Sqlite;

/// <summary>The tables of the SQLite store.</summary>
/// <remarks>
/// Tables with long rows have a rowid. A table WITHOUT ROWID keeps whole rows in the inner pages of its tree; four fit in a page, so that
/// ten million members would be eleven levels deep, and a row longer than a quarter of a page goes to overflow pages.
/// </remarks>
internal static class Schema
{
    /// <summary>Raised with every change of the tables; a store of a later version is refused
    /// with a sentence, an earlier one is brought here.</summary>
    public const int Version = 4;

    private const string Members = "CREATE TABLE IF NOT EXISTS members (id BLOB PRIMARY KEY, number INTEGER NOT NULL, due INTEGER, rules " +
        "INTEGER NOT NULL, state BLOB NOT NULL);";

    /// <summary>Brings the members of versions 1 and 2, whose table had no row numbers, into this one.</summary>
    public const string FromBefore3 = $"""
        ALTER TABLE members RENAME TO members_before;
        DROP INDEX members_due;
        {Members}
        INSERT INTO members SELECT id, number, due, rules, state FROM members_before ORDER BY id;
        DROP TABLE members_before;
        """;

    /// <summary>Blocks written by versions 1 to 3 stay in their rows.</summary>
    public const string FromBefore4 = """
        ALTER TABLE blocks ADD COLUMN file INTEGER;
        ALTER TABLE blocks ADD COLUMN start INTEGER;
        ALTER TABLE blocks ADD COLUMN size INTEGER;
        ALTER TABLE blocks ADD COLUMN sum INTEGER;
        """;

    /// <summary>Creates the tables that do not exist yet.</summary>
    public const string Create = $"""
        CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS head (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, now INTEGER NOT NULL,
            settled INTEGER NOT NULL, sent INTEGER NOT NULL, formed INTEGER NOT NULL);
        INSERT OR IGNORE INTO head VALUES (1, 0, 0, 0, 0, 0);
        CREATE TABLE IF NOT EXISTS commits (number INTEGER PRIMARY KEY, sequence BLOB NOT NULL, outputs BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS journaled (number INTEGER PRIMARY KEY, file INTEGER NOT NULL, start INTEGER NOT NULL, sequence INTEGER NOT NULL, outputs INTEGER NOT NULL, sum INTEGER NOT NULL);
        {Members}
        CREATE INDEX IF NOT EXISTS members_due ON members (due, id) WHERE due IS NOT NULL;
        CREATE TABLE IF NOT EXISTS positions (topic TEXT NOT NULL, partition INTEGER NOT NULL, topic_id TEXT NOT NULL, next INTEGER NOT NULL,
            PRIMARY KEY (topic, partition)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS blocks (id INTEGER PRIMARY KEY, target TEXT NOT NULL, number INTEGER NOT NULL, rows INTEGER NOT NULL, bytes BLOB NOT NULL,
            file INTEGER, start INTEGER, size INTEGER, sum INTEGER, UNIQUE (target, number));
        CREATE TABLE IF NOT EXISTS block_numbers (target TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS parked (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, target TEXT NOT NULL, reason TEXT NOT NULL, bytes BLOB NOT NULL, redrive INTEGER NOT NULL DEFAULT 0);
        """;
}
