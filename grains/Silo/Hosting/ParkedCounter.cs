using Microsoft.Extensions.Logging;
using Streaming.Engine.Storing;

namespace Streaming.Silo.Hosting;

/// <summary>The number of parked items, read in the background. A caller gets the last answer and never waits for the database.
/// Thread-safe.</summary>
internal sealed class ParkedCounter(IParkedItems items, ILogger<ParkedCounter> log)
{
    private readonly Lock gate = new();
    private long latest;
    private Task asking = Task.CompletedTask;

    /// <summary>The last answer, 0 before the first; asks anew. While the database is away the last answer stays.</summary>
    public long Latest()
    {
        lock (gate)
        {
            if (asking.IsCompleted) asking = Task.Run(Ask);
        }

        return Interlocked.Read(ref latest);
    }

    private void Ask()
    {
        try
        {
            Interlocked.Exchange(ref latest, items.Count);
        }
        catch (StoreException e)
        {
            // that the database is away is told by the commits
            log.ParkedUnknown(e.Message);
        }
    }
}
