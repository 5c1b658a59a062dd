using Streaming.Engine.Batches;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;

namespace Streaming.Engine.Commits;

/// <summary>Applies the commits again that snapshots do not contain yet, in their recorded order. Used by the intake's thread.</summary>
public sealed class Recovery(CommitHistory history, StoreHead head, BatchDispatcher batches, HostStatus status)
{
    /// <summary>Runs to the last commit; false when stopped before it, or no batch comes back any more.</summary>
    public bool Run(CancellationToken stop)
    {
        var whole = true;
        status.Recovering = true;
        foreach (var commit in history.After(head.Progress.Settled, Next)) batches.Repeat(commit);
        if (!whole) return false;
        batches.Wait();
        status.Recovering = false;
        return true;

        Batch? Next()
        {
            var batch = stop.IsCancellationRequested ? null : batches.Take();
            whole = batch is not null;
            return batch;
        }
    }
}
