using Streaming.Members.Snapshots;

namespace Streaming.Members;

/// <summary>Mean and deviation of the gaps between a member's visits in days (Welford), and the mean of the latest ones.</summary>
public struct VisitGaps
{
    // After this many gaps an old one counts less and less, so that a changed rhythm becomes the usual one.
    private const int Window = 100;
    private const double LatestWeight = 0.3;

    private double squares;

    /// <summary>Gaps seen.</summary>
    public int Count { get; private set; }

    /// <summary>Mean, days.</summary>
    public double Mean { get; private set; }

    /// <summary>Mean of the latest gaps, days: each new one counts 0.3, and at most <c>2·ratio</c> usual gaps, so that one long absence alone is no drop.</summary>
    public double Latest { get; private set; }

    /// <summary>Standard deviation, days; 0 below two gaps.</summary>
    public readonly double Deviation => Count < 2 ? 0 : Math.Sqrt(squares / Math.Min(Count, Window));

    /// <summary>Notes a gap.</summary>
    /// <param name="days">Its length.</param>
    /// <param name="ratio">The rate-drop rule's ratio.</param>
    public void Add(double days, double ratio)
    {
        Latest = Count == 0 ? days : Latest + (LatestWeight * (Math.Min(days, 2 * ratio * Mean) - Latest));
        if (Count >= Window) squares *= (Window - 1.0) / Window;
        Count++;
        var away = days - Mean;
        Mean += away / Math.Min(Count, Window);
        squares += away * (days - Mean);
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        to.Signed(Count);
        if (Count == 0) return;
        to.Double(Mean);
        to.Double(squares);
        to.Double(Latest);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        this = default;
        Count = (int)from.Signed();
        if (Count == 0) return;
        Mean = from.Double();
        squares = from.Double();
        Latest = from.Double();
    }
}
