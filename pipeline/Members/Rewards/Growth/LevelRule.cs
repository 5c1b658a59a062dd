using Streaming.Members.Rules;

namespace Streaming.Members.Rewards.Growth;

/// <summary>One level.</summary>
public sealed record LevelRule
{
    /// <summary>The most benefits of one level.</summary>
    public const int MaxBenefits = 16;

    private readonly string name = "";

    /// <summary>Stable name; effects say <c>levels.</c> and this.</summary>
    public required string Name
    {
        get => name;
        init
        {
            name = value;
            Path = "levels." + value;
            Key = RuleName.Key(value);
        }
    }

    /// <summary>Growth value from which a member has it, 0 to 1,000,000,000,000,000.</summary>
    public required long Growth { get; init; }

    /// <summary>Names of its benefits, for the systems that grant them; at most 16 of 48 characters, default none.</summary>
    public IReadOnlyList<string> Benefits { get; init; } = [];

    /// <summary>The level as effects name it.</summary>
    public string Path { get; private init; } = "";

    /// <summary>The level as snapshots name it.</summary>
    public uint Key { get; private init; }

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Setting.InRange($"{path}.growth", Growth, 0, LevelsState.MaxGrowth, errors);
        if (Benefits.Count > MaxBenefits) errors.Add($"{path}.benefits has more than {MaxBenefits} words.");
        if (Benefits.Any(b => b.Length is 0 or > RuleName.MaxLength))
        {
            errors.Add($"{path}.benefits must be words of 1 to {RuleName.MaxLength} characters.");
        }
    }
}
