namespace Streaming.Common.Settings;

/// <summary>All settings of a program.</summary>
public interface ISettings
{
    /// <summary>Adds a sentence for every value that cannot be used; each begins with the setting's path.</summary>
    void Validate(ICollection<string> errors);

    /// <summary>The effective values that matter to an operator, secrets masked; logged at the start.</summary>
    IEnumerable<string> Effective();
}
