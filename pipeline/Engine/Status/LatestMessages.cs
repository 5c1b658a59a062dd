using Streaming.Contract.Messages;

namespace Streaming.Engine.Status;

/// <summary>The last messages of each output topic, for people to look at. Thread-safe.</summary>
public sealed class LatestMessages
{
    private const int Keep = 50;
    private readonly Ring[] latest = [.. Enum.GetValues<OutputTopic>().Select(_ => new Ring())];

    /// <summary>Remembers one message's value.</summary>
    public void Add(OutputTopic topic, ReadOnlySpan<byte> value)
    {
        var ring = latest[(int)topic];
        lock (ring)
        {
            ref var place = ref ring.Places[ring.Added++ % Keep];
            if (place.Bytes.Length < value.Length) place.Bytes = new byte[value.Length];
            value.CopyTo(place.Bytes);
            place.Length = value.Length;
        }
    }

    /// <summary>The newest messages of a topic, newest first.</summary>
    public IReadOnlyList<byte[]> Of(OutputTopic topic, int most)
    {
        var ring = latest[(int)topic];
        lock (ring)
        {
            var found = new byte[Math.Min(most, Math.Min(ring.Added, Keep))][];
            for (var i = 0; i < found.Length; i++)
            {
                var (bytes, length) = ring.Places[(ring.Added - 1 - i) % Keep];
                found[i] = bytes[..length];
            }

            return found;
        }
    }

    private sealed class Ring
    {
        public readonly (byte[] Bytes, int Length)[] Places = [.. Enumerable.Repeat((Array.Empty<byte>(), 0), Keep)];
        public long Added;
    }
}
