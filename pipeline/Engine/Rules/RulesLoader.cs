using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Streaming.Members.Rules;

namespace Streaming.Engine.Rules;

/// <summary>Reads the rules file: YAML in, validated rules or every error at once out. Thread-safe.</summary>
/// <remarks>
/// The settings are the properties of <see cref="RuleSet"/> and of the records it is made of, written in camelCase. A setting that is
/// left out keeps its default; one that does not exist is an error. What a value may be is said by each record's <c>Validate</c>.
/// </remarks>
public static class RulesLoader
{
    /// <summary>The longest rules text taken, in characters.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>The largest file taken, in bytes: UTF-8 needs at most three for a character.</summary>
    public const int MaxBytes = 3 * MaxLength;

    /// <summary>Reads a rules text.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="inForce">The rules that it is to replace, or null for a new store:
    /// a change that would take away what members hold is an error.</param>
    /// <returns>Never throws for what is written in <paramref name="text"/>.</returns>
    public static RulesResult Load(string text, RuleSet? inForce = null)
    {
        if (text.Length > MaxLength) return new(null, [$"The rules are {text.Length} characters long; at most {MaxLength} are taken."]);
        text = Normalize(text);
        var errors = new YamlErrors();
        var rules = YamlText.Parse(text, "The rules", errors) is { } root ? (RuleSet)new YamlBinder(errors)
            .Record(typeof(RuleSet), root, "") : new RuleSet();
        errors.AddAll(rules.Validate());
        if (inForce is not null) errors.AddAll(rules.ValidateChange(inForce));
        if (errors.Any) return new(null, errors.Sentences());

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return new(rules.Named(BinaryPrimitives.ReadUInt64BigEndian(hash)), []);
    }

    // Line ends, trailing blanks and a byte-order mark, which editors change by themselves, do not make a new version of the rules.
    private static string Normalize(string text) =>
        string.Join('\n', text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n');
}
