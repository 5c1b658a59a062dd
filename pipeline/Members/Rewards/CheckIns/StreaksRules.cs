using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;

namespace Streaming.Members.Rewards.CheckIns;

/// <summary>Settings of check-in streaks. Defaults are the shipped example's.</summary>
public sealed record StreaksRules
{
    /// <summary>The most milestones.</summary>
    public const int MaxMilestones = 32;

    /// <summary>The kind of event a day needs one of; default checkin.</summary>
    public EventKind Event { get; init; } = EventKind.Checkin;

    /// <summary>Missed days forgiven within any 30 days; they keep a streak and do not lengthen it. Default 1, 0 to 10.</summary>
    public int Freezes { get; init; } = 1;

    /// <summary>Lengths that are rewarded, once in each streak, shortest first.</summary>
    public IReadOnlyList<MilestoneRule> Milestones { get; init; } =
    [
        new() { Name = "three-days", Days = 3, Points = 5, Growth = 5 },
        new() { Name = "seven-days", Days = 7, Points = 20, Growth = 20 },
        new() { Name = "thirty-days", Days = 30, Points = 100, Growth = 100 },
        new() { Name = "hundred-days", Days = 100, Points = 500, Growth = 500 },
    ];

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (!Event.IsActivity()) errors.Add($"{path}.event must be something members do themselves, not {Event.Name()}.");
        Setting.InRange($"{path}.freezes", Freezes, 0, 10, errors);
        if (Milestones.Count > MaxMilestones) errors.Add($"{path}.milestones has more than {MaxMilestones} entries.");
        RuleName.Check($"{path}.milestones", [.. Milestones.Select(m => m.Name)], errors);
        for (var i = 0; i < Milestones.Count; i++)
        {
            Milestones[i].Validate($"{path}.milestones[{i}]", errors);
            if (i > 0 && Milestones[i].Days <= Milestones[i - 1].Days)
            {
                errors.Add($"{path}.milestones[{i}].days must be more than that of the milestone before, not {Milestones[i].Days}.");
            }
        }
    }
}
