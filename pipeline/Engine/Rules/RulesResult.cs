using Streaming.Members.Rules;

namespace Streaming.Engine.Rules;

/// <summary>The result of reading a rules file: the rules, or every error in it.</summary>
/// <param name="Rules">The rules, or null when there is any error.</param>
/// <param name="Errors">One sentence each, with the line where it is known, in the
/// order of the file; empty when the rules are good.</param>
public sealed record RulesResult(RuleSet? Rules, IReadOnlyList<string> Errors)
{
    /// <summary>Settings that the rules in force name and these do not, so that they go back to their defaults; of a whole section its
    /// name. Empty where nothing was compared.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];
}
