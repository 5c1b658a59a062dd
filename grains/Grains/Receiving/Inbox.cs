using System.Threading.Channels;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Receiving;

/// <summary>Something that waits for the apply loop: a part of a partition, or members to be looked at without an event.</summary>
internal sealed class InboxItem
{
    private readonly TaskCompletionSource<ReceiverAnswer> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PartitionPart? Part { get; set; }

    public IReadOnlyList<byte[]> Ids { get; init; } = [];

    /// <summary>Members are looked at for what is due up to here; <see cref="long.MinValue"/> when they are settled only.</summary>
    public long Proven { get; init; } = long.MinValue;

    /// <summary>Records and members it brings.</summary>
    public int Weight => (Part?.Count ?? 0) + Ids.Count;

    public Task<ReceiverAnswer> Done => done.Task;

    public void End(ReceiverAnswer delivery) => done.TrySetResult(delivery);
}

/// <summary>What waits for the apply loop, bounded: at most one part per partition; what does not fit is refused and read again
/// later.</summary>
internal sealed class Inbox(int capacity)
{
    private readonly Dictionary<InputPartition, InboxItem> waiting = [];
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private readonly Channel<InboxItem> items =
        Channel.CreateBounded<InboxItem>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private Task<bool>? ready;

    /// <summary>Puts an item in and waits for its end.</summary>
    public async Task<ReceiverAnswer> PostAsync(InboxItem item)
    {
        lock (waiting)
        {
            if (!items.Writer.TryWrite(item)) return ReceiverAnswer.Failed;
            if (item.Part is { } part) Supersede(new InputPartition(part.TopicId, part.Partition), item);
        }

        return await item.Done;
    }

    /// <summary>Refuses further items; those that wait are still taken.</summary>
    public void Close() => items.Writer.TryComplete();

    /// <summary>Returns when an item waits or 50 ms have passed; false when the inbox is closed and empty.</summary>
    public async Task<bool> WaitAsync()
    {
        ready ??= items.Reader.WaitToReadAsync().AsTask();
        if (!ready.IsCompleted) await Task.WhenAny(ready, Task.Delay(Tick));
        if (!ready.IsCompleted) return true;
        var more = await ready;
        ready = null;
        return more;
    }

    /// <summary>Takes what waits, up to a weight; one item at least when there is one.</summary>
    public List<InboxItem> Take(int most)
    {
        var taken = new List<InboxItem>();
        lock (waiting)
        {
            for (var weight = 0; weight < most && items.Reader.TryRead(out var item); weight += item.Weight)
            {
                if (item.Done.IsCompleted) continue;
                if (item.Part is { } part) waiting.Remove(new InputPartition(part.TopicId, part.Partition));
                taken.Add(item);
            }
        }

        return taken;
    }

    /// <summary>A partition that is sent again replaces its slice that still waits: the
    /// older one is not applied, and its bytes are freed.</summary>
    private void Supersede(InputPartition partition, InboxItem item)
    {
        if (waiting.TryGetValue(partition, out var older))
        {
            older.End(ReceiverAnswer.Fenced);
            older.Part = null;
        }

        waiting[partition] = item;
    }
}
