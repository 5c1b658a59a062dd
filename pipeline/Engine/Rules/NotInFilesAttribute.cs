namespace Streaming.Engine.Rules;

/// <summary>Words of an enum that the program uses itself and no file may say.</summary>
/// <param name="words">The words as a file would write them.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInFilesAttribute(params string[] words) : Attribute
{
    /// <summary>The words as a file would write them.</summary>
    public IReadOnlyList<string> Words => words;
}
