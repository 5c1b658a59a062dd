namespace Streaming.Members.Effects;

/// <summary>The output topic an effect leaves on.</summary>
public enum Stream : byte
{
    /// <summary>Topic <c>churn-alerts</c>.</summary>
    ChurnAlerts = 0,

    /// <summary>Topic <c>rewards</c>: the points ledger, badges, streaks, levels' gifts.</summary>
    Rewards = 1,

    /// <summary>Topic <c>care-actions</c>.</summary>
    CareActions = 2,

    /// <summary>Topic <c>member-changes</c>.</summary>
    MemberChanges = 3,

    /// <summary>Internal topic <c>signals</c>: a fact for another member.</summary>
    Signals = 4,
}

/// <summary>The kinds of effects. Numbers are part of effect ids: never reuse one.</summary>
#pragma warning disable CS1591 // names say it; the groups follow the streams
public enum EffectKind : byte
{
    None = 0,
    AlertRaised = 1, AlertCleared = 2,
    PointsEarned = 10, PointsSpent = 11, PointsExpired = 12, PointsAdjusted = 13, RedeemRejected = 14,
    BadgeEarned = 15, StreakReached = 16, PointsReversed = 17, RedeemRepeated = 18, PointsWithheld = 19,
    CareAction = 30, CareSuppressed = 31, CareHeld = 32,
    StageChanged = 40, TierChanged = 41, LevelChanged = 42, MemberJoined = 43,
    Tell = 60,
}
#pragma warning restore CS1591

/// <summary>Facts about effect kinds that never change.</summary>
public static class EffectKinds
{
    /// <summary>The stream an effect belongs to.</summary>
    public static Stream Stream(this EffectKind kind) => kind switch
    {
        < EffectKind.PointsEarned => Effects.Stream.ChurnAlerts,
        < EffectKind.CareAction => Effects.Stream.Rewards,
        < EffectKind.StageChanged => Effects.Stream.CareActions,
        < EffectKind.Tell => Effects.Stream.MemberChanges,
        _ => Effects.Stream.Signals,
    };

    /// <summary>The name in messages: <c>alert-raised</c>, <c>points-earned</c> and so on.</summary>
    public static string Name(this EffectKind kind) => kind switch
    {
        EffectKind.AlertRaised => "alert-raised",
        EffectKind.AlertCleared => "alert-cleared",
        EffectKind.PointsEarned => "points-earned",
        EffectKind.PointsSpent => "points-spent",
        EffectKind.PointsExpired => "points-expired",
        EffectKind.PointsAdjusted => "points-adjusted",
        EffectKind.RedeemRejected => "redeem-rejected",
        EffectKind.BadgeEarned => "badge-earned",
        EffectKind.StreakReached => "streak-reached",
        EffectKind.PointsReversed => "points-reversed",
        EffectKind.RedeemRepeated => "redeem-repeated",
        EffectKind.PointsWithheld => "points-withheld",
        EffectKind.CareAction => "care-action",
        EffectKind.CareSuppressed => "care-suppressed",
        EffectKind.CareHeld => "care-held",
        EffectKind.StageChanged => "stage-changed",
        EffectKind.TierChanged => "tier-changed",
        EffectKind.LevelChanged => "level-changed",
        EffectKind.MemberJoined => "member-joined",
        EffectKind.Tell => "tell",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
