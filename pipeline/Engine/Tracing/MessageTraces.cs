using System.Diagnostics;

namespace Streaming.Engine.Tracing;

/// <summary>The messages that one record's turn caused: a stretch of its part's message bytes.</summary>
/// <param name="From">Where they begin.</param>
/// <param name="To">Where they end; the same as <paramref name="From"/> when it caused none.</param>
/// <param name="Turn">The turn's span.</param>
public readonly record struct TurnTrace(int From, int To, ActivityContext Turn);

/// <summary>Which messages of a commit belong to which trace, by where they begin among the commit's message bytes.</summary>
public sealed class MessageTraces
{
    private readonly List<(int From, int To, ActivityContext Commit)> stretches = [];

    /// <summary>Follows a commit's turns into it; null when none is followed.</summary>
    /// <param name="parts">By part of the commit, in order: the length of its message bytes, and its turns.</param>
    /// <param name="number">The commit.</param>
    /// <param name="from">When writing it began.</param>
    public static MessageTraces? Of(IEnumerable<(int Length, IReadOnlyList<TurnTrace> Turns)> parts, long number, DateTimeOffset from)
    {
        MessageTraces? all = null;
        var at = 0;
        foreach (var (length, turns) in parts)
        {
            foreach (var turn in turns)
            {
                var commit = Spans.Commit(turn.Turn, number, from);
                if (turn.To > turn.From) (all ??= new MessageTraces()).stretches.Add((at + turn.From, at + turn.To, commit));
            }

            at += length;
        }

        return all;
    }

    /// <summary>The trace of the message that begins here; null when it is not followed.</summary>
    public ActivityContext? Find(int at)
    {
        var (low, high) = (0, stretches.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (from, to, commit) = stretches[middle];
            if (at < from) high = middle - 1;
            else if (at >= to) low = middle + 1;
            else return commit;
        }

        return null;
    }
}
