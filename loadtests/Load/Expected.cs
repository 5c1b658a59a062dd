using System.Collections.Concurrent;

namespace Streaming.Load;

/// <summary>What must be found in the end, by what was sent. Written by the sender, read when it has ended; the purchases by the follower at any time.</summary>
internal sealed class Expected
{
    /// <summary>Events by kind, each once.</summary>
    public Dictionary<string, long> ByKind { get; } = new(StringComparer.Ordinal);

    /// <summary>Repeats of an event that was sent before.</summary>
    public long Duplicates { get; set; }

    /// <summary>Values that are no JSON.</summary>
    public long Malformed { get; set; }

    /// <summary>Purchases whose points have not been seen yet: cause as rewards name it (<c>purchases/</c> and the event's id) → when it was to be sent, seconds of the run.</summary>
    public ConcurrentDictionary<string, double> Unrewarded { get; } = new(StringComparer.Ordinal);

    /// <summary>Purchases sent.</summary>
    public long Purchases { get; set; }

    /// <summary>Events, repeats and malformed ones not counted.</summary>
    public long Events => ByKind.Values.Sum();
}
