using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;

namespace Streaming.Engine.Commits;

/// <summary>Writes to the store. What fails for a reason that can pass is tried again, unchanged, for
/// <see cref="CommitSettings.RetryFor"/>. Used by the committer's thread, but for <see cref="GiveUpAfter"/>.</summary>
public sealed class RetryingWriter(IStore store, CommitSettings settings, HostStatus status, ILogger log) : IDisposable
{
    private readonly CancellationTokenSource givingUp = new();

    /// <summary>All snapshots in the store contain the commits up to here.</summary>
    public long Settled => store.Head.Progress.Settled;

    /// <inheritdoc cref="IStore.Commit"/>
    public void Commit(CommitRecord record) => Try(() => store.Commit(record));

    /// <inheritdoc cref="IStore.WriteSnapshots"/>
    public void WriteSnapshots(IReadOnlyList<SnapshotRow> snapshots, Progress progress) =>
        Try(() => store.WriteSnapshots(snapshots, progress));

    /// <summary>After this time nothing is tried again, so that a stop does not wait for a full disk. The next start reads the inputs of
    /// what could not be written again.</summary>
    public void GiveUpAfter(TimeSpan most) => givingUp.CancelAfter(most);

    /// <inheritdoc/>
    public void Dispose() => givingUp.Dispose();

    private void Try(Action write)
    {
        var began = Stopwatch.GetTimestamp();
        for (var wait = 100; ; wait = Math.Min(wait * 2, 5_000))
        {
            try
            {
                write();
                status.CommitFailing(null);
                return;
            }
            catch (StoreException e) when (e.Retryable && !givingUp.IsCancellationRequested
                && Stopwatch.GetElapsedTime(began) < settings.RetryFor)
            {
                status.CommitFailing(e.Message);
                log.CommitFailed(wait, settings.RetryFor, e.Message);
                givingUp.Token.WaitHandle.WaitOne(wait);
            }
        }
    }
}
