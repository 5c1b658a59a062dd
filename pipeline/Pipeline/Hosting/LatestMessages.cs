using Streaming.Pipeline.Effects;

namespace Streaming.Pipeline.Hosting;

/// <summary>The last messages of each output topic, for people to look at. Thread-safe.</summary>
public sealed class LatestMessages
{
    private const int Keep = 50;
    private readonly Queue<byte[]>[] latest = [.. Enum.GetValues<OutputTopic>().Select(_ => new Queue<byte[]>())];

    /// <summary>Remembers one message's value.</summary>
    public void Add(OutputTopic topic, byte[] value)
    {
        var queue = latest[(int)topic];
        lock (queue)
        {
            queue.Enqueue(value);
            if (queue.Count > Keep) queue.Dequeue();
        }
    }

    /// <summary>The newest messages of a topic, newest first.</summary>
    public IReadOnlyList<byte[]> Of(OutputTopic topic, int most)
    {
        var queue = latest[(int)topic];
        lock (queue) return [.. queue.Reverse().Take(most)];
    }
}
