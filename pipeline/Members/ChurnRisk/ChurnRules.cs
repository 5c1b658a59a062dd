using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;

namespace Streaming.Members.ChurnRisk;

/// <summary>The unit of time a model's parameters were fitted in.</summary>
public enum TimeUnit : byte
{
    /// <summary>Seven days.</summary>
    Weeks = 0,

    /// <summary>24 hours.</summary>
    Days = 1,
}

/// <summary>Settings of the churn outlook and its alerts. Defaults are the shipped example's.</summary>
public sealed record ChurnRules
{
    /// <summary>The rule for members who bought again. Of this, <see cref="Gaps"/> and
    /// <see cref="HiatusDays"/> the earliest that applies raises the alert.</summary>
    public PurchaseModelRules Model { get; init; } = new();

    /// <summary>The rule for members with a rhythm of visits.</summary>
    public GapRules Gaps { get; init; } = new();

    /// <summary>Days of silence after which a member without a model or rhythm of its own counts as leaving. From 1 to 3,650; default
    /// 21.</summary>
    public double HiatusDays { get; init; } = 21;

    /// <summary>
    /// Days before dormancy (<see cref="LifecycleRules.DormantDays"/>) at which the alert is raised at the latest, whatever the rules say,
    /// so that there is time to act; at most half of those days is taken. From 0 to 365; default 3.
    /// </summary>
    public double MarginDays { get; init; } = 3;

    /// <summary>A complaint, refund or rate-drop visit that is read more than this many days after it happened raises no alert. Does not
    /// apply to silence. From 0 to 3,650; default 7.</summary>
    public double LateDays { get; init; } = 7;

    /// <summary>Settings of the rate-drop rule.</summary>
    public RateDropRules RateDrop { get; init; } = new();

    /// <summary>Days after an alert before the next about the same: silence, a complaint, a refund, a rate drop. It may put an alert after
    /// dormancy when it is long. From 0 to 3,650; default 14.</summary>
    public double CooldownDays { get; init; } = 14;

    /// <summary>Days of silence after which the alert is raised at the latest.</summary>
    internal double LatestDays(double dormantDays) => dormantDays - Math.Min(MarginDays, dormantDays / 2);

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Model.Validate($"{path}.model", errors);
        Gaps.Validate($"{path}.gaps", errors);
        Setting.InRange($"{path}.hiatusDays", HiatusDays, 1, 3650, errors);
        Setting.InRange($"{path}.marginDays", MarginDays, 0, 365, errors);
        Setting.InRange($"{path}.lateDays", LateDays, 0, 3650, errors);
        RateDrop.Validate($"{path}.rateDrop", errors);
        Setting.InRange($"{path}.cooldownDays", CooldownDays, 0, 3650, errors);
    }
}

/// <summary>Settings of the model for repeat buyers. Default parameters: MBG/NBD fitted to the CDNOW data in weeks.</summary>
public sealed record PurchaseModelRules
{
    /// <summary>Which model; default MBG/NBD.</summary>
    public PurchaseModelKind Kind { get; init; } = PurchaseModelKind.MbgNbd;

    /// <summary>Unit of time of <see cref="Alpha"/>; default weeks.</summary>
    public TimeUnit Unit { get; init; } = TimeUnit.Weeks;

    /// <summary>r, above 0; default 0.525.</summary>
    public double R { get; init; } = 0.525;

    /// <summary>α, above 0; default 6.183.</summary>
    public double Alpha { get; init; } = 6.183;

    /// <summary>a, above 0 and not 1; default 0.891.</summary>
    public double A { get; init; } = 0.891;

    /// <summary>b, above 0; default 1.614.</summary>
    public double B { get; init; } = 1.614;

    /// <summary>The alert is due when the probability of being alive falls to this. From 0.01 to 0.99; default 0.5.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Purchase days after the first from which the model is trusted. From 0 to 100; default 1.</summary>
    public int MinRepeats { get; init; } = 1;

    /// <summary>Days without any activity before the model may raise an alert. From 0 to 365; default 7.</summary>
    public double MinSilenceDays { get; init; } = 7;

    /// <summary>The model.</summary>
    public PurchaseModel Parameters => new(Kind, R, Alpha, A, B);

    /// <summary>Milliseconds of one <see cref="Unit"/>.</summary>
    public long UnitLength => Unit == TimeUnit.Weeks ? Time.Week : Time.Day;

    /// <summary>Adds one sentence per wrong setting.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Setting.Above($"{path}.r", R, 0, 1000, errors);
        Setting.Above($"{path}.alpha", Alpha, 0, 1e6, errors);
        Setting.Above($"{path}.a", A, 0, 1000, errors);
        if (Math.Abs(A - 1) < 1e-6)
        {
            errors.Add($"{path}.a is 1; the expected number of purchases divides by a - 1, so take 0.999 or 1.001.");
        }
        Setting.Above($"{path}.b", B, 0, 1000, errors);
        Setting.InRange($"{path}.threshold", Threshold, 0.01, 0.99, errors);
        Setting.InRange($"{path}.minRepeats", MinRepeats, 0, 100, errors);
        Setting.InRange($"{path}.minSilenceDays", MinSilenceDays, 0, 365, errors);
    }
}

/// <summary>Settings of the φ-accrual rule over the gaps between visits: see
/// <see cref="VisitGaps"/> for what their mean and deviation are.</summary>
public sealed record GapRules
{
    private readonly double deviations = GapModel.Deviations(3);

    /// <summary>Hours of silence after which the next activity is a new visit. From 1 to 720; default 12.</summary>
    public double VisitHours { get; init; } = 12;

    /// <summary>Gaps from which the rhythm is trusted. From 2 to 100; default 5.</summary>
    public int MinGaps { get; init; } = 5;

    /// <summary>The alert is due when φ reaches this: 3 is one silence in a thousand. From 0.5 to 12; default 3.</summary>
    public double Phi
    {
        get;
        init
        {
            field = value;
            deviations = GapModel.Deviations(value);
        }
    } = 3;

    /// <summary>The least standard deviation assumed, in days, so that very regular visitors may be a little late. From 0.01 to 365;
    /// default 1.</summary>
    public double MinDeviationDays { get; init; } = 1;

    /// <summary>Days of silence at which φ reaches <see cref="Phi"/>.</summary>
    public double DueAfter(double mean, double deviation) => mean + (deviations * deviation);

    /// <summary>Adds one sentence per wrong setting.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Setting.InRange($"{path}.visitHours", VisitHours, 1, 720, errors);
        Setting.InRange($"{path}.minGaps", MinGaps, 2, 100, errors);
        Setting.InRange($"{path}.phi", Phi, 0.5, 12, errors);
        Setting.InRange($"{path}.minDeviationDays", MinDeviationDays, 0.01, 365, errors);
    }
}

/// <summary>Settings of the rate-drop rule: the latest gaps against the usual ones.</summary>
public sealed record RateDropRules
{
    /// <summary>Alert when the latest gaps average this many times the usual gap. From 2 to 100; default 2.5.</summary>
    public double Ratio { get; init; } = 2.5;

    /// <summary>The alert is cleared when they average less than this many times the usual gap.
    /// Below <see cref="Ratio"/> by a tenth at least; default 1.5.</summary>
    public double ClearRatio { get; init; } = 1.5;

    /// <summary>Gaps from which the usual gap is trusted. From 4 to 100; default 8.</summary>
    public int MinGaps { get; init; } = 8;

    /// <summary>Adds one sentence per wrong setting.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Setting.InRange($"{path}.ratio", Ratio, 2, 100, errors);
        Setting.InRange($"{path}.clearRatio", ClearRatio, 1, Math.Max(1, Ratio - 0.1), errors);
        Setting.InRange($"{path}.minGaps", MinGaps, 4, 100, errors);
    }
}
