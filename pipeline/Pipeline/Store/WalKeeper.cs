using Microsoft.Data.Sqlite;

namespace Streaming.Pipeline.Store;

/// <summary>Carries the write-ahead log into the database in the background, so that commits do not wait for it.</summary>
/// <remarks>
/// A passive checkpoint runs beside the writer after every 16 MiB. It can only start the log over when the writer pauses; a log that
/// outgrows <see cref="HardLimit"/> is therefore cut short once with the writer held back by SQLite's own lock.
/// </remarks>
internal sealed class WalKeeper : IDisposable
{
    public const long SoftStep = 16 << 20;
    public const long HardLimit = 512 << 20;

    private readonly SqliteConnection connection;
    private readonly string walPath;
    private readonly Thread thread;
    private readonly AutoResetEvent wake = new(false);
    private long grown;
    private volatile bool stopping;

    public WalKeeper(SqliteConnection connection, string walPath)
    {
        this.connection = connection;
        this.walPath = walPath;
        thread = new Thread(Run) { IsBackground = true, Name = "wal-keeper" };
        thread.Start();
    }

    /// <summary>Told by the writer after each commit.</summary>
    public void Grew(long bytes)
    {
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
            wake.WaitOne(TimeSpan.FromSeconds(5));
            if (stopping) return;
            Interlocked.Exchange(ref grown, 0);
            var size = new FileInfo(walPath) is { Exists: true } file ? file.Length : 0;
            if (size > 0) Checkpoint("PASSIVE");
            if (size > HardLimit) Checkpoint("TRUNCATE"); // with little left to carry while the writer waits
        }
    }

    private void Checkpoint(string mode)
    {
        using var command = connection.CreateCommand();
        command.CommandText = mode switch
        {
            "TRUNCATE" => "PRAGMA wal_checkpoint(TRUNCATE)",
            _ => "PRAGMA wal_checkpoint(PASSIVE)",
        };
        try
        {
            command.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // Disk full or busy: the log simply stays longer. The commit that finds no room says so itself.
            Interlocked.Add(ref grown, SoftStep);
        }
    }
}
