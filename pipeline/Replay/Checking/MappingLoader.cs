using Streaming.Engine.Rules;
using Streaming.Replay.Mappings;

namespace Streaming.Replay.Checking;

/// <summary>The result of reading a mapping file: the mapping, or every error in it.</summary>
/// <param name="Mapping">The mapping, or null when there is any error.</param>
/// <param name="Errors">One sentence each, in the order of the file; empty when the mapping is good.</param>
public sealed record MappingResult(Mapping? Mapping, IReadOnlyList<string> Errors);

/// <summary>Reads a mapping file: YAML in, a valid mapping or every error at once out. Thread-safe.</summary>
public static class MappingLoader
{
    /// <summary>The longest mapping taken, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>The largest file taken, in bytes: UTF-8 needs at most three for a character.</summary>
    public const int MaxBytes = 3 * MaxLength;

    /// <summary>Reads a mapping's text. Never throws for what is written in it.</summary>
    public static MappingResult Load(string text)
    {
        if (text.Length > MaxLength) return new(null, [$"The mapping is {text.Length} characters long; at most {MaxLength} are taken."]);
        var errors = new YamlErrors();
        if (YamlText.Parse(text, "The mapping", errors) is not { } root)
        {
            if (!errors.Any) errors.Add("", 0, "The mapping is empty.");
            return new(null, errors.Sentences());
        }

        var mapping = (Mapping)new YamlBinder(errors).Record(typeof(Mapping), root, "");
        errors.AddAll(MappingCheck.Errors(mapping));
        return errors.Any ? new(null, errors.Sentences()) : new(mapping, []);
    }
}
