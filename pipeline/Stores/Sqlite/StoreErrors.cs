using Microsoft.Data.Sqlite;
using Streaming.Engine.Storing;

namespace Streaming.Stores.Sqlite;

/// <summary>SQLite's errors as sentences: whose fault it is, whether trying again can help, what to do.</summary>
internal static class StoreErrors
{
    private const int NoSpace = 28, OverQuota = 122; // ENOSPC, EDQUOT

    /// <summary>Runs <paramref name="work"/> while holding the store's lock, and turns errors into StoreException.</summary>
    /// <exception cref="StoreException">SQLite refused.</exception>
    public static T Guard<T>(Lock gate, Func<T> work)
    {
        lock (gate)
        {
            try
            {
                return work();
            }
            catch (SqliteException e)
            {
                throw Of(e);
            }
            catch (IOException e)
            {
                throw Of(e);
            }
        }
    }

    /// <summary>As the other, for work without a result.</summary>
    public static void Guard(Lock gate, Action work) => Guard(gate, () =>
    {
        work();
        return true;
    });

    /// <summary>An error of the journal's files: the disk's, or a full one.</summary>
    public static StoreException Of(IOException e) => e.HResult is NoSpace or OverQuota
        ? Full(e)
        : new StoreException($"The disk of the data directory reports an error: {e.Message}", true, e);

    /// <summary>The error as a StoreException.</summary>
    public static StoreException Of(SqliteException e) => e.SqliteErrorCode switch
    {
        13 => Full(e),
        5 or 6 => new StoreException("The store is locked by another program: close it (a SQLite browser, a backup).", true, e),
        10 => new StoreException($"The disk of the data directory reports an error: {e.Message}", true, e),
        11 or 26 => new StoreException($"The store is damaged ({e.Message}): restore it from a backup, or start an empty data directory.",
            false, e),
        _ => new StoreException($"The store (state.db) cannot be used, which is not retried: {e.Message} Check the owner and the file " +
            "system of the data directory.", false, e),
    };

    private static StoreException Full(Exception e) =>
        new("The disk is full: the store cannot be written. Free room on the data directory's disk; the pipeline goes on from its " +
            "last commit.", true, e);
}
