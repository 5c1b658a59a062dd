using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;

namespace Streaming.Members.Rewards.PointsAccount;

/// <summary>What one kind of activity earns.</summary>
public sealed record ActivityRule
{
    private readonly string name = "";

    /// <summary>Stable name; effects say <c>points.</c> and this.</summary>
    public required string Name
    {
        get => name;
        init
        {
            name = value;
            Path = "points." + value;
            Key = RuleName.Key(value);
        }
    }

    /// <summary>The kind of event.</summary>
    public required EventKind Event { get; init; }

    /// <summary>Points for each; default 0, up to 1,000,000.</summary>
    public int Points { get; init; }

    /// <summary>Growth value for each; default 0, up to 1,000,000.</summary>
    public int Growth { get; init; }

    /// <summary>How many events a day earn, in the member's own time zone; 0 (the default) = all; range 0-10,000.</summary>
    public int DailyCap { get; init; }

    /// <summary>The rule as effects name it.</summary>
    public string Path { get; private init; } = "";

    /// <summary>The rule as snapshots name it.</summary>
    public uint Key { get; private init; }

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (!Event.IsActivity() || Event is EventKind.Paid or EventKind.Redeem)
        {
            errors.Add($"{path}.event must be something members do other than paying and redeeming, not {Event.Name()}.");
        }
        Setting.InRange($"{path}.points", Points, 0, 1_000_000, errors);
        Setting.InRange($"{path}.growth", Growth, 0, 1_000_000, errors);
        Setting.InRange($"{path}.dailyCap", DailyCap, 0, 10_000, errors);
    }
}
