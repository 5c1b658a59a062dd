using Streaming.Engine.Batches;
using Streaming.Engine.Shards;

namespace Streaming.Engine.Commits;

/// <summary>The batches in use: their number bounds what is on its way. Thread-safe.</summary>
public sealed class BatchPool(int count, Func<Batch> make)
{
    private readonly WorkQueue<Batch> free = Fill(count, make);

    /// <summary>An empty batch, or null when none was free in time.</summary>
    public Batch? TryTake(TimeSpan most) => free.Take(most, out var batch) ? batch : null;

    /// <summary>Gives a batch back.</summary>
    public void Return(Batch batch)
    {
        batch.Clear();
        free.Add(batch);
    }

    private static WorkQueue<Batch> Fill(int count, Func<Batch> make)
    {
        var all = new WorkQueue<Batch>();
        for (var i = 0; i < count; i++) all.Add(make());
        return all;
    }
}
