using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Streaming.Engine.Storing;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>The write-ahead log under a writer that never pauses: SQLite by itself would let it grow, because SQLite starts the log over
/// only when the writer pauses.</summary>
public sealed class WalKeeperTests
{
    private const int CommitBytes = 100_000; // twice: a sequence and outputs, small enough to stand in the database
    private const long Most = 384L << 20; // with what the log adds to it, not yet so long that it would be cut

    [Fact]
    public void A_busy_WAL_is_restarted_and_not_truncated()
    {
        using var place = new TemporaryStore();
        var log = Path.Combine(place.Path, "state.db-wal");
        var (started, longest, number) = (0u, 0L, 0L);
        do
        {
            number++;
            place.Store.Commit(TemporaryStore.Commit(number, new Progress(number - 1, number - 1, number - 1), CommitBytes / 2));
            if (number == 1) started = TimesStarted(log);
            var length = new FileInfo(log).Length;
            Assert.True(length >= longest, $"The log was cut from {longest} to {length} bytes.");
            longest = length;
        }
        while (TimesStarted(log) == started && number * CommitBytes < Most);

        Assert.NotEqual(started, TimesStarted(log));
    }

    [Fact]
    public void A_busy_WAL_is_erased()
    {
        using var place = new TemporaryDirectory();
        var path = Path.Combine(place.Path, "busy.db");
        using var writer = Connected(path);
        using (var begin = writer.CreateCommand())
        {
            begin.CommandText = "PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; CREATE TABLE said (text TEXT)";
            begin.ExecuteNonQuery();
        }

        var writing = new Lock();
        using var cleared = new ManualResetEventSlim();
        var textInLog = true;
        using var keeper = new WalKeeper(Connected(path), path + "-wal", writing, () =>
        {
            textInLog = new FileInfo(path + "-wal").Length > 0;
            cleared.Set();
        }, clearEvery: TimeSpan.Zero);
        using var say = writer.CreateCommand();
        say.CommandText = "DELETE FROM said; INSERT INTO said VALUES (hex(randomblob(2000)))";
        for (var n = 0; n < 200_000 && !cleared.IsSet; n++)
        {
            lock (writing) say.ExecuteNonQuery();
            keeper.Grew(WalKeeper.SoftStep, WalKeeper.SoftStep); // asked for a checkpoint at every look
        }

        Assert.True(cleared.IsSet);
        Assert.False(textInLog);
    }

    private static SqliteConnection Connected(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>The checkpoint sequence number in the log's header (SQLite's file format,
    /// 4.1): one more with every start from the beginning.</summary>
    private static uint TimesStarted(string log)
    {
        using var file = File.OpenHandle(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> header = stackalloc byte[16];
        Assert.Equal(header.Length, RandomAccess.Read(file, header, 0));
        return BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
    }
}
