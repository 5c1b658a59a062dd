using System.Globalization;
using System.Text;

namespace Streaming.Members.Rules;

/// <summary>Names that people give to rules. Effects and snapshots refer to rules by them: renaming one makes another rule.</summary>
public static class RuleName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 48;

    /// <summary>What a snapshot keeps of a name: 32 bits of its stable hash.</summary>
    public static uint Key(string name) => (uint)StableHash.Of(Encoding.UTF8.GetBytes(name));

    /// <summary>Adds an error for each name that is not lower-case letters, digits and hyphens,
    /// is used twice, or shares its key with another.</summary>
    public static void Check(string path, IReadOnlyList<string> names, ICollection<string> errors)
    {
        for (var i = 0; i < names.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}].name");
            if (!IsName(names[i]))
            {
                errors.Add($"{at} must be 1 to {MaxLength} lower-case letters, digits and hyphens, beginning with a letter, not " +
                    $"'{names[i]}'.");
            }
            for (var j = 0; j < i; j++)
            {
                if (names[i] == names[j]) errors.Add($"{at} is used twice: '{names[i]}'.");
                else if (Key(names[i]) == Key(names[j]))
                {
                    errors.Add($"{at} '{names[i]}' cannot be told from '{names[j]}' in a snapshot: choose another name.");
                }
            }
        }
    }

    private static bool IsName(string name)
    {
        if (name.Length is 0 or > MaxLength || name[0] is < 'a' or > 'z') return false;
        foreach (var c in name)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) return false;
        }

        return true;
    }
}
