using System.Collections.Concurrent;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>What must be found in the end, by what was sent. Written by the sender, read when it
/// has ended; <see cref="Awaited"/> by the follower at any time.</summary>
public sealed class Expected
{
    /// <summary>Events by kind, each once.</summary>
    public Dictionary<string, long> ByKind { get; } = new(StringComparer.Ordinal);

    /// <summary>Repeats of an event that was sent before.</summary>
    public long Duplicates { get; set; }

    /// <summary>Values that are no JSON.</summary>
    public long Malformed { get; set; }

    /// <summary>Messages that must come and have not been seen: <see cref="Message"/> → since
    /// when, seconds of the run, and which latency it is.</summary>
    public ConcurrentDictionary<string, (Way Way, double Due)> Awaited { get; } = new(StringComparer.Ordinal);

    /// <summary>Messages that must come, seen or not.</summary>
    public long Messages { get; private set; }

    /// <summary>Events, repeats and malformed ones not counted.</summary>
    public long Events => ByKind.Values.Sum();

    /// <summary>Name of a message by its kind and its cause, or its member where the cause is a calendar.</summary>
    public static string Message(string kind, string of) => $"{kind} {of}";

    /// <summary>One event more.</summary>
    public void Count(string kind) => ByKind[kind] = ByKind.GetValueOrDefault(kind) + 1;

    /// <summary>One message more that must come.</summary>
    public void Await(Way way, string message, double due)
    {
        Messages++;
        Awaited[message] = (way, due);
    }
}

/// <summary>A way whose latency is measured.</summary>
public enum Way
{
    /// <summary>From a purchase to its points on topic <c>rewards</c>.</summary>
    Reward = 0,

    /// <summary>From a complaint to its alert on topic <c>churn-alerts</c>.</summary>
    Alert = 1,

    /// <summary>From an instant of the calendar to the message it causes for a member.</summary>
    Storm = 2,

    /// <summary>From an event until ClickHouse counts as many as it and those before it.</summary>
    Visible = 3,
}
