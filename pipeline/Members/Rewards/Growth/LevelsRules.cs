using Streaming.Members.Rules;

namespace Streaming.Members.Rewards.Growth;

/// <summary>Settings of levels by growth value. Defaults are the shipped example's.</summary>
public sealed record LevelsRules
{
    /// <summary>The most levels.</summary>
    public const int MaxLevels = 32;

    private readonly LevelRule[] levels = [];

    /// <summary>The default levels.</summary>
    public LevelsRules()
    {
        List =
        [
            new() { Name = "bronze", Growth = 0 },
            new() { Name = "silver", Growth = 500, Benefits = ["free-shipping"] },
            new() { Name = "gold", Growth = 2_000, Benefits = ["free-shipping", "birthday-gift"] },
            new() { Name = "platinum", Growth = 10_000, Benefits = ["free-shipping", "birthday-gift", "personal-service"] },
        ];
    }

    /// <summary>The levels from the lowest, which begins at growth value 0.</summary>
    public IReadOnlyList<LevelRule> List
    {
        get => levels;
        init => levels = [.. value];
    }

    /// <summary>How many levels there are.</summary>
    internal int Count => levels.Length;

    /// <summary>The level at a position in <see cref="List"/>.</summary>
    internal LevelRule this[int position] => levels[position];

    /// <summary>Position in <see cref="List"/> of the level that a growth value reaches.</summary>
    public int Reached(long growth)
    {
        var i = levels.Length - 1;
        while (i > 0 && levels[i].Growth > growth) i--;
        return i;
    }

    /// <summary>The level a member has: the one that was told last, or, when the rules do not have it, the one that its growth value
    /// reaches.</summary>
    public LevelRule Of(in LevelsState state) => Find(state.Announced) ?? levels[Reached(state.Growth)];

    /// <summary>The level of that name, or null.</summary>
    public LevelRule? Find(string name)
    {
        foreach (var level in levels)
        {
            if (level.Name == name) return level;
        }

        return null;
    }

    /// <summary>The level that snapshots name so, or null when it is no longer in the rules.</summary>
    internal LevelRule? Find(uint key)
    {
        foreach (var level in levels)
        {
            if (level.Key == key) return level;
        }

        return null;
    }

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (List.Count is 0 or > MaxLevels) errors.Add($"{path}.list must have 1 to {MaxLevels} levels, not {List.Count}.");
        RuleName.Check($"{path}.list", [.. List.Select(l => l.Name)], errors);
        for (var i = 0; i < List.Count; i++)
        {
            if (i == 0 && List[i].Growth != 0) errors.Add($"{path}.list[{i}].growth must be 0: everybody has the first level.");
            if (i > 0 && List[i].Growth <= List[i - 1].Growth)
            {
                errors.Add($"{path}.list[{i}].growth must be more than that of the level before, not {List[i].Growth}.");
            }
            List[i].Validate($"{path}.list[{i}]", errors);
        }
    }
}
