using Microsoft.Data.Sqlite;

namespace Streaming.Stores.Sqlite;

/// <summary>Carries the write-ahead log into the database in the background, so that commits do not wait for it.</summary>
/// <remarks>
/// A passive checkpoint runs beside the writer after every 16 MiB. It can restart the log only when the writer pauses. So a log with more
/// than <see cref="RestartAt"/> in use is restarted while the store's lock holds the writer back, with few pages left to copy. SQLite's own
/// lock would not do: a waiter looks again only every 1 to 25 ms. The file keeps its length and is written again from
/// its beginning: to cut half a gigabyte off takes a third of a second, in which nothing commits. A file that outgrew
/// <see cref="HardLimit"/> is cut. Every file is cut when little happens, and at the first look after <see cref="ClearEvery"/> however busy
/// the writer is. Members' data that is not needed any more is then gone from the log and the journals.
/// </remarks>
internal sealed class WalKeeper : IDisposable
{
    /// <summary>Bytes the log grows by between two checkpoints.</summary>
    public const long SoftStep = 16 << 20;

    /// <summary>Bytes in use from which the log is started over.</summary>
    public const long RestartAt = 64 << 20;

    /// <summary>Bytes of the file from which it is cut.</summary>
    public const long HardLimit = 512 << 20;

    /// <summary>Up to this many bytes written between two looks the store counts as idle.</summary>
    public const long Quiet = 1 << 20;

    /// <summary>The time after which the log is cut even if the writer is busy: at the first look at which no reader needs it.</summary>
    public static readonly TimeSpan ClearEvery = TimeSpan.FromMinutes(10);

    private const int PageBytes = 4096;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly SqliteConnection connection;
    private readonly string walPath;
    private readonly Lock writing;
    private readonly Thread thread;
    private readonly AutoResetEvent wake = new(false);
    private readonly Action clear;
    private readonly TimeSpan clearEvery;
    private long grown, written;
    private long clearedAt = Environment.TickCount64;
    private volatile bool stopping;

    /// <summary>A keeper with a connection of its own.</summary>
    /// <param name="connection">For checkpoints alone.</param>
    /// <param name="walPath">The log.</param>
    /// <param name="writing">Held by whoever writes to the database.</param>
    /// <param name="clear">Removes unneeded files beside the log; called with <paramref name="writing"/> held.</param>
    /// <param name="clearEvery">Another time than <see cref="ClearEvery"/>.</param>
    public WalKeeper(SqliteConnection connection, string walPath, Lock writing, Action clear, TimeSpan? clearEvery = null)
    {
        this.clearEvery = clearEvery ?? ClearEvery;
        this.clear = clear;
        this.connection = connection;
        this.walPath = walPath;
        this.writing = writing;
        // A restart waits for readers while the writer is held back; it gives up after 100 ms and is tried again at the next checkpoint.
        using var patience = connection.CreateCommand();
        patience.CommandText = "PRAGMA busy_timeout = 100";
        patience.ExecuteNonQuery();
        thread = new Thread(Run) { IsBackground = true, Name = "wal-keeper" };
        thread.Start();
    }

    /// <summary>Told by the writer after each commit.</summary>
    /// <param name="bytes">By how much the log grew.</param>
    /// <param name="all">How much was written in all.</param>
    public void Grew(long bytes, long all)
    {
        Interlocked.Add(ref written, all);
        if (Interlocked.Add(ref grown, bytes) >= SoftStep) wake.Set();
    }

    public void Dispose()
    {
        stopping = true;
        wake.Set();
        thread.Join();
        Checkpoint("TRUNCATE");
        connection.Dispose();
        wake.Dispose();
    }

    private void Run()
    {
        while (!stopping)
        {
            var wanted = wake.WaitOne(LookEvery);
            if (stopping) return;
            Interlocked.Exchange(ref grown, 0);
            var idle = !wanted && Interlocked.Exchange(ref written, 0) < Quiet;
            if (idle || TimeSpan.FromMilliseconds(Environment.TickCount64 - clearedAt) >= clearEvery)
            {
                Clear();
                continue;
            }

            var size = new FileInfo(walPath) is { Exists: true } file ? file.Length : 0;
            if (size == 0) continue;
            var used = Math.Max(0, Checkpoint("PASSIVE")) * PageBytes;
            if (size > HardLimit) Hold("TRUNCATE"); // with little left to carry while the writer waits
            else if (used > RestartAt) Hold("RESTART");
        }
    }

    private void Clear()
    {
        Checkpoint("PASSIVE"); // most of the work, with nobody held back
        lock (writing)
        {
            var cut = Checkpoint("TRUNCATE") >= 0;
            try
            {
                clear();
                if (cut) clearedAt = Environment.TickCount64; // else a reader needs the log: cut at the next look
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return; // the next commit reports the failing disk; clearing is tried again at the next look
            }
        }
    }

    private void Hold(string mode)
    {
        lock (writing) Checkpoint(mode);
    }

    /// <summary>Pages the log holds, carried or not; −1 when the checkpoint was not done to its end.</summary>
    private long Checkpoint(string mode)
    {
        using var command = connection.CreateCommand();
        command.CommandText = mode switch
        {
            "TRUNCATE" => "PRAGMA wal_checkpoint(TRUNCATE)",
            "RESTART" => "PRAGMA wal_checkpoint(RESTART)",
            _ => "PRAGMA wal_checkpoint(PASSIVE)",
        };
        try
        {
            using var row = command.ExecuteReader();
            return row.Read() && (mode == "PASSIVE" || row.GetInt64(0) == 0) ? Math.Max(0, row.GetInt64(1)) : -1;
        }
        catch (SqliteException)
        {
            // Disk full or busy: the log simply stays longer. The commit that finds no room says so itself.
            Interlocked.Add(ref grown, SoftStep);
            return -1;
        }
    }
}
