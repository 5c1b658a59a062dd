namespace Streaming.Engine.Rules;

/// <summary>Values of an enum that only the program uses: a rules file that writes one gets an error.</summary>
/// <param name="words">The words as a file would write them.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInFilesAttribute(params string[] words) : Attribute
{
    /// <summary>The words as a file would write them.</summary>
    public IReadOnlyList<string> Words => words;
}
