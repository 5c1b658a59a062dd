using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members.Rewards.Achievements;

/// <summary>Settings of badges. Defaults are the shipped example's.</summary>
public sealed record BadgesRules
{
    /// <summary>The most badges: their numbers are 0 to one less.</summary>
    public const int MaxBadges = 64;

    private readonly BadgeRule[][] byKind = [];
    private readonly IReadOnlyList<BadgeRule> list = [];

    /// <summary>The default badges.</summary>
    public BadgesRules()
    {
        List =
        [
            new() { Name = "first-purchase", Number = 0, Event = EventKind.Paid, Count = 1 },
            new() { Name = "regular", Number = 1, Event = EventKind.Paid, Count = 10 },
            new() { Name = "big-spender", Number = 2, Spend = 100_000_000 },
            new() { Name = "reviewer", Number = 3, Event = EventKind.Review, Count = 10 },
            new() { Name = "helper", Number = 4, Event = EventKind.Answer, Count = 20 },
            new() { Name = "ambassador", Number = 5, Event = EventKind.Share, Count = 50 },
            new() { Name = "one-week", Number = 6, Streak = 7 },
            new() { Name = "one-hundred-days", Number = 7, Streak = 100 },
        ];
    }

    /// <summary>The badges. What counts towards a badge counts from the day it is in the rules.</summary>
    public IReadOnlyList<BadgeRule> List
    {
        get => list;
        init
        {
            list = value;
            byKind = new BadgeRule[EventKinds.Count][];
            for (var kind = 0; kind < byKind.Length; kind++)
            {
                byKind[kind] = [.. value.Where(badge => !badge.Retired && badge.Kind == (EventKind)kind)];
            }
            OfStreaks = [.. value.Where(badge => !badge.Retired && badge.Streak > 0)];
        }
    }

    /// <summary>Badges that a kind of event comes nearer to.</summary>
    internal ReadOnlySpan<BadgeRule> For(EventKind kind) => byKind[(int)kind];

    /// <summary>Badges for streaks.</summary>
    internal BadgeRule[] OfStreaks { get; private init; } = [];

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        RuleName.Check($"{path}.list", [.. list.Select(badge => badge.Name)], errors);
        for (var i = 0; i < list.Count; i++)
        {
            list[i].Validate($"{path}.list[{i}]", errors);
            if (list.Take(i).FirstOrDefault(other => other.Number == list[i].Number) is { } same)
            {
                errors.Add($"{path}.list[{i}].number {list[i].Number} belongs to '{same.Name}' already: give this badge another number.");
            }
        }
    }

    /// <summary>Adds an error for each badge that members may have under
    /// <paramref name="inForce"/> and that is gone or renamed here.</summary>
    public void ValidateChange(string path, BadgesRules inForce, ICollection<string> errors)
    {
        foreach (var badge in inForce.List)
        {
            var now = list.FirstOrDefault(b => b.Number == badge.Number);
            if (now is null)
            {
                errors.Add($"{path}.list has lost '{badge.Name}' (number {badge.Number}), which members may have: set retired: true " +
                    $"instead of removing it.");
            }
            else if (now.Name != badge.Name)
            {
                errors.Add($"{path}.list[{list.ToList().IndexOf(now)}].number {badge.Number} belongs to '{badge.Name}', which members " +
                    $"may have: give '{now.Name}' a number of its own.");
            }
        }
    }
}
