using Streaming.Members.Amounts;
using Streaming.Members.CareActions;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Lifecycles;
using Streaming.Members.Orders;
using Streaming.Members.Profiles;
using Streaming.Members.Rewards.Achievements;
using Streaming.Members.Rewards.CheckIns;
using Streaming.Members.Rewards.Growth;
using Streaming.Members.Rewards.PointsAccount;
using Streaming.Members.Scoring;

namespace Streaming.Members.Rules;

/// <summary>All rules in force, validated as a whole. Immutable, shared by all threads.
/// Property defaults are the shipped example's values.</summary>
/// <remarks>
/// The rules file is read by the shape of these records: a public property that can be set when a record is made is a setting, in
/// camelCase. Lists are <see cref="IReadOnlyList{T}"/>, groups by name or kind are <see cref="IReadOnlyDictionary{TKey, TValue}"/>, enums
/// are written in kebab-case, times of day are <see cref="TimeOnly"/>, days <see cref="DateOnly"/>, money is a <c>long</c> with
/// <see cref="TenThousandthsAttribute"/>.
/// </remarks>
public sealed record RuleSet
{
    /// <summary>Content hash of the rules' text, 16 hex digits: named by every effect and snapshot.</summary>
    public string Version { get; private init; } = "0000000000000000";

    /// <summary>The same hash as a number.</summary>
    public ulong Hash { get; private init; }

    /// <summary>The same rules under the name of their text.</summary>
    public RuleSet Named(ulong hash) =>
        this with { Hash = hash, Version = hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture) };

    /// <summary>What is known about members: the zone of those that declared none.</summary>
    public ProfileRules Profile { get; init; } = new();

    /// <summary>What is taken in.</summary>
    public InputRules Input { get; init; } = new();

    /// <summary>What currencies are worth.</summary>
    public MoneyRules Money { get; init; } = new();

    /// <summary>How long orders are remembered.</summary>
    public OrdersRules Orders { get; init; } = new();

    /// <summary>The engagement score: weights and half-life.</summary>
    public ScoreRules Score { get; init; } = new();

    /// <summary>Stages, tiers, key opinion consumers.</summary>
    public LifecycleRules Lifecycle { get; init; } = new();

    /// <summary>Churn models and alerts.</summary>
    public ChurnRules Churn { get; init; } = new();

    /// <summary>The points ledger.</summary>
    public PointsRules Points { get; init; } = new();

    /// <summary>Levels by growth value.</summary>
    public LevelsRules Levels { get; init; } = new();

    /// <summary>Badges.</summary>
    public BadgesRules Badges { get; init; } = new();

    /// <summary>Check-in streaks.</summary>
    public StreaksRules Streaks { get; init; } = new();

    /// <summary>Care actions.</summary>
    public CareRules Care { get; init; } = new();

    /// <summary>Looks at all settings.</summary>
    /// <returns>One sentence per error, each beginning with the setting's path in the rules file; empty when all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Profile.Validate("profile", errors);
        Input.Validate("input", errors);
        Money.Validate("money", errors);
        Orders.Validate("orders", errors);
        Score.Validate("score", errors);
        Lifecycle.Validate("lifecycle", errors);
        Churn.Validate("churn", errors);
        Points.Validate("points", errors);
        Levels.Validate("levels", errors);
        Badges.Validate("badges", errors);
        Streaks.Validate("streaks", errors);
        Care.Validate("care", errors);
        return errors;
    }

    /// <summary>Looks at what members keep of the rules they were settled under.</summary>
    /// <param name="inForce">The rules in force so far.</param>
    /// <returns>One sentence for each badge that members may have and that these rules remove or rename, as <see cref="Validate"/>; empty
    /// when all is well.</returns>
    public IReadOnlyList<string> ValidateChange(RuleSet inForce)
    {
        var errors = new List<string>();
        Badges.ValidateChange("badges", inForce.Badges, errors);
        return errors;
    }
}
