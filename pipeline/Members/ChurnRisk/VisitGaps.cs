using Streaming.Members.Snapshots;

namespace Streaming.Members.ChurnRisk;

/// <summary>Mean and deviation of the gaps between a member's visits in days (Welford), and the mean of the latest ones.</summary>
/// <remarks>
/// A gap counts at most three deviations beyond the mean of those before it, the first at most a week: one long absence, a holiday, does
/// not make every later one look usual. A rhythm that changed for good still becomes the usual one within some gaps.
/// </remarks>
public struct VisitGaps
{
    // After this many gaps an old one counts less and less, so that a changed rhythm becomes the usual one.
    private const int Window = 100;
    private const double LatestWeight = 0.3;
    private const double MaxDeviations = 3;
    private const double MaxFirstGapDays = 7;

    private double squares;

    /// <summary>Gaps seen.</summary>
    public int Count { get; private set; }

    /// <summary>Mean, days.</summary>
    public double Mean { get; private set; }

    /// <summary>Mean of the latest gaps, days: each new one counts 0.3, and at most <c>2·ratio</c>
    /// usual gaps, so that one long absence alone is no drop.</summary>
    public double Latest { get; private set; }

    /// <summary>Standard deviation of the last hundred gaps or so, days; never below <see cref="GapRules.MinDeviationDays"/>.</summary>
    public readonly double Deviation(GapRules rules) =>
        Math.Max(rules.MinDeviationDays, Count < 2 ? 0 : Math.Sqrt(squares / Math.Min(Count, Window)));

    /// <summary>Notes a gap.</summary>
    /// <param name="days">Its length.</param>
    /// <param name="rules">The rules in force.</param>
    public void Add(double days, ChurnRules rules)
    {
        var usual = Math.Min(days, Count == 0 ? MaxFirstGapDays : Mean + (MaxDeviations * Deviation(rules.Gaps)));
        Latest = Count == 0 ? usual : Latest + (LatestWeight * (Math.Min(days, 2 * rules.RateDrop.Ratio * Mean) - Latest));
        if (Count >= Window) squares *= (Window - 1.0) / Window;
        Count++;
        var away = usual - Mean;
        Mean += away / Math.Min(Count, Window);
        squares += away * (usual - Mean);
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
