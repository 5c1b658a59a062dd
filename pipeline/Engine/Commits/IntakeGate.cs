using Streaming.Engine.Batches;
using Streaming.Engine.Sources;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;

namespace Streaming.Engine.Commits;

/// <summary>Lets the intake go on, or holds its source: while the spool is full, and while commits are late. Why it is held stands in the
/// status. Used by the intake's thread.</summary>
/// <param name="store">Says how much waits.</param>
/// <param name="settings">How much may.</param>
/// <param name="batches">Has the batches to be filled.</param>
/// <param name="status">Receives the reason.</param>
public sealed class IntakeGate(IStore store, CommitSettings settings, BatchDispatcher batches, HostStatus status)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>A batch to be filled; null when the source was held instead.</summary>
    public Batch? Pass(IBatchSource source)
    {
        if (store.SpoolBytes > settings.SpoolLimit)
        {
            status.Held = $"the spool on disk is full ({store.SpoolBytes >> 20} MiB of {settings.SpoolLimit >> 20}, setting SpoolLimit of " +
                "Commit): Kafka, ClickHouse or the writing of snapshots is behind; intake goes on when the spool empties";
            source.Hold(TimeSpan.FromMilliseconds(200));
            return null;
        }

        if (batches.TryTake(LongestWait) is { } batch)
        {
            status.Held = null;
            return batch;
        }

        status.Held = "commits are slower than intake";
        source.Hold(TimeSpan.FromMilliseconds(50));
        return null;
    }
}
