namespace Streaming.Replay.Running;

/// <summary>How the times of a file follow each other. Not thread-safe.</summary>
/// <param name="disorder">By how much a row may be earlier than one before it, milliseconds.</param>
public sealed class TimeOrder(long disorder)
{
    private long? clock, last;

    /// <summary>Rows with a time.</summary>
    public long Timed { get; private set; }

    /// <summary>Rows that are earlier than some row before them.</summary>
    public long Earlier { get; private set; }

    /// <summary>Rows that are earlier by more than the mapping allows.</summary>
    public long Late { get; private set; }

    /// <summary>The largest step back to a row from the latest before it, milliseconds.</summary>
    public long LargestStepBackMs { get; private set; }

    /// <summary>Line of the first row that is earlier than one before it; 0 for none.</summary>
    public long FirstLine { get; private set; }

    /// <summary>Rows that are earlier than the one right before them.</summary>
    public long StepsBack { get; private set; }

    /// <summary>True for a file whose newest rows come first.</summary>
    public bool NewestFirst => Earlier > 0 && StepsBack > (Timed - 1) / 2;

    internal void Next(long at, long line)
    {
        Timed++;
        if (at < last) StepsBack++;
        last = at;
        if (clock is { } reached && at < reached)
        {
            if (Earlier++ == 0) FirstLine = line;
            LargestStepBackMs = Math.Max(LargestStepBackMs, reached - at);
            if (reached - at > disorder) Late++;
        }

        clock = Math.Max(clock ?? at, at);
    }
}
