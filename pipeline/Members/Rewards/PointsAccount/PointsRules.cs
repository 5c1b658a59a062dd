using Streaming.Members.Amounts;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;

namespace Streaming.Members.Rewards.PointsAccount;

/// <summary>Settings of the points ledger. Defaults are the shipped example's.</summary>
public sealed record PointsRules
{
    /// <summary>The most rules of either list.</summary>
    public const int MaxRules = 32;

    private readonly ActivityRule?[] byKind = new ActivityRule?[EventKinds.Count];
    private readonly IReadOnlyList<ActivityRule> activities = [];
    private readonly PurchaseRule[] purchases = [];

    /// <summary>The default rules.</summary>
    public PointsRules()
    {
        Purchases =
        [
            new() { Name = "purchase-jpy", Currency = "JPY", PointsPerUnit = 100, GrowthPerUnit = 100, MinimumAmount = 1_000_000 },
            new() { Name = "purchase", PointsPerUnit = 10_000, GrowthPerUnit = 10_000, MinimumAmount = 10_000 },
        ];
        Activities =
        [
            new() { Name = "checkin", Event = EventKind.Checkin, Points = 5, Growth = 5, DailyCap = 1 },
            new() { Name = "share", Event = EventKind.Share, Points = 3, Growth = 3, DailyCap = 5 },
            new() { Name = "answer", Event = EventKind.Answer, Points = 5, Growth = 5, DailyCap = 3 },
            new() { Name = "post", Event = EventKind.Post, Points = 10, Growth = 10, DailyCap = 2 },
            new() { Name = "review", Event = EventKind.Review, Points = 20, Growth = 20, DailyCap = 3 },
            new() { Name = "attend", Event = EventKind.Attend, Points = 50, Growth = 50, DailyCap = 1 },
        ];
    }

    /// <summary>Months a point stays valid, through the same day of the month in the
    /// member's own time zone; default 12, 1 to 120.</summary>
    /// <remarks>A change does not move the expiry of points already granted.</remarks>
    public int ExpireAfterMonths { get; init; } = 12;

    /// <summary>What orders earn. The first rule that takes the currency decides; An order without a matching rule earns nothing; that is
    /// announced once per member and currency (<c>points-withheld</c>).</summary>
    public IReadOnlyList<PurchaseRule> Purchases
    {
        get => purchases;
        init => purchases = [.. value];
    }

    /// <summary>What activity earns: at most one rule per kind of event.</summary>
    public IReadOnlyList<ActivityRule> Activities
    {
        get => activities;
        init
        {
            activities = value;
            byKind = new ActivityRule?[EventKinds.Count];
            foreach (var rule in value) byKind[(int)rule.Event] ??= rule;
        }
    }

    /// <summary>The rule for a kind of activity, or null.</summary>
    public ActivityRule? For(EventKind kind) => byKind[(int)kind];

    /// <summary>The rule for an order in that currency (<see cref="Currencies.Code(ReadOnlySpan{byte})"/>), or null.</summary>
    public PurchaseRule? For(int currency, MoneyRules money)
    {
        foreach (var rule in purchases)
        {
            if (rule.Takes(currency, money)) return rule;
        }

        return null;
    }

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Setting.InRange($"{path}.expireAfterMonths", ExpireAfterMonths, 1, 120, errors);
        if (Purchases.Count > MaxRules) errors.Add($"{path}.purchases has more than {MaxRules} rules.");
        if (Activities.Count > MaxRules) errors.Add($"{path}.activities has more than {MaxRules} rules.");
        RuleName.Check($"{path}.purchases", [.. Purchases.Select(r => r.Name)], errors);
        RuleName.Check($"{path}.activities", [.. Activities.Select(r => r.Name)], errors);
        foreach (var name in Purchases.Select(r => r.Name).Intersect(Activities.Select(r => r.Name)))
        {
            errors.Add($"{path}.activities and {path}.purchases both have a rule '{name}': effects could not be told apart.");
        }

        for (var i = 0; i < Purchases.Count; i++) Purchases[i].Validate($"{path}.purchases[{i}]", errors);
        for (var i = 0; i < Activities.Count; i++)
        {
            Activities[i].Validate($"{path}.activities[{i}]", errors);
            if (!ReferenceEquals(For(Activities[i].Event), Activities[i]))
            {
                errors.Add($"{path}.activities[{i}].event has a rule already: {Activities[i].Event.Name()}.");
            }
        }
    }
}
