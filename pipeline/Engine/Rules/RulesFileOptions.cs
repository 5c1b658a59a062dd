using Microsoft.Extensions.Options;

namespace Streaming.Engine.Rules;

/// <summary>Validates the rules file that settings name together with them.</summary>
/// <typeparam name="T">The settings.</typeparam>
/// <param name="path">The file they name.</param>
public sealed class RulesFileOptions<T>(Func<T, string> path) : IValidateOptions<T>
    where T : class
{
    /// <summary>Text of the file that was validated last; empty before.</summary>
    public string Text { get; private set; } = "";

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var errors = new List<string>();
        Text = RulesFile.Read(path(options), errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
