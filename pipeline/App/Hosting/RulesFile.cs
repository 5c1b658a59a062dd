using Streaming.App.Commands;
using Streaming.Members.Rules;
using Streaming.Pipeline.Rules;

namespace Streaming.App.Hosting;

/// <summary>The rules file at the start of a program.</summary>
internal static class RulesFile
{
    /// <summary>Reads and validates it.</summary>
    /// <exception cref="CommandException">Every error at once; exit code 2.</exception>
    public static (string Text, RuleSet Rules) Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The rules file {path} cannot be read: {e.Message}", Cli.WrongUsage);
        }

        var result = RulesLoader.Load(text);
        return result.Rules is { } rules
            ? (text, rules)
            : throw new CommandException($"The rules file {path} cannot be used:\n" + string.Join('\n', result.Errors.Select(e => "  " + e)), Cli.WrongUsage);
    }
}
