using Streaming.Members.Rules;

namespace Streaming.Members.Rewards.CheckIns;

/// <summary>A length of streak that is rewarded.</summary>
public sealed record MilestoneRule
{
    private readonly string name = "";

    /// <summary>Stable name; effects say <c>streaks.</c> and this.</summary>
    public required string Name
    {
        get => name;
        init
        {
            name = value;
            Path = "streaks." + value;
        }
    }

    /// <summary>Length of the streak in days, 1 to 36,500.</summary>
    public required int Days { get; init; }

    /// <summary>Points for reaching it; default 0, up to 1,000,000.</summary>
    public int Points { get; init; }

    /// <summary>Growth value for reaching it; default 0, up to 1,000,000.</summary>
    public int Growth { get; init; }

    /// <summary>The milestone as effects name it.</summary>
    public string Path { get; private init; } = "";

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Setting.InRange($"{path}.days", Days, 1, 36_500, errors);
        Setting.InRange($"{path}.points", Points, 0, 1_000_000, errors);
        Setting.InRange($"{path}.growth", Growth, 0, 1_000_000, errors);
    }
}
