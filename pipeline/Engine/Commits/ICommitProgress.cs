using System.Collections.Concurrent;
using Streaming.Engine.Storing;

namespace Streaming.Engine.Commits;

/// <summary>How far a host has come; a replay source waits for it before it gives more records. Thread-safe.</summary>
public interface ICommitProgress
{
    /// <summary>What the store held when it was opened.</summary>
    StoreHead Head { get; }

    /// <summary>The last batch handed to the shards.</summary>
    long LastPosted { get; }

    /// <summary>The last durable commit.</summary>
    long Durable { get; }

    /// <summary>All messages of the commits up to here are acknowledged.</summary>
    long Sent { get; }

    /// <summary>By partition, the end of what this host has put into the signals topic.</summary>
    ConcurrentDictionary<int, long> SignalEnds { get; }

    /// <summary>Waits until acknowledgements come in, at most this long.</summary>
    void WaitForProgress(TimeSpan most);
}
