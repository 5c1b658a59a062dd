using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Streaming.Common.CommandLine;

/// <summary>Error messages for a wrong command line; the same in every program.</summary>
public static partial class ParseErrors
{
    private const string MayBeEmpty = "PREFIX";

    /// <summary>Writes one sentence per mistake and where to look to standard error; false when there is none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="program">What the program is called.</param>
    public static bool Say(ParseResult parsed, string program)
    {
        string[] wrong = [.. parsed.Errors.Select(error => Sentence(error.Message))];
        if (wrong.Length == 0) wrong = [.. Empty(parsed.RootCommandResult)];
        if (wrong.Length == 0) return false;
        foreach (var sentence in wrong) Console.Error.WriteLine(sentence);
        Console.Error.WriteLine($"`{program}{Path(parsed.CommandResult)} --help` lists commands and options.");
        return true;
    }

    // An empty value often comes from an unset variable in a script, so it is refused instead of being taken as the default.
    private static IEnumerable<string> Empty(SymbolResult at) => at switch
    {
        CommandResult command => command.Children.SelectMany(Empty),
        OptionResult { Implicit: false, Option: { HelpName: { } form } option } given
            when form != MayBeEmpty && given.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)) =>
            [$"{option.Name} is empty; give {form}, or leave it out."],
        _ => [],
    };

    /// <summary>The message for the user, without names of .NET types.</summary>
    internal static string Sentence(string message)
    {
        var wrong = Unparsed().Match(message);
        if (!wrong.Success) return message;
        var (value, option, type) = (wrong.Groups["value"].Value, wrong.Groups["option"].Value, wrong.Groups["type"].Value);
        return $"{(option.Length > 0 ? option : "The argument")} takes {Form(type)}, not '{value}'.";
    }

    private static string Form(string type) => type switch
    {
        "System.Int32" or "System.Int64" => "a whole number",
        "System.UInt64" or "System.UInt32" => "a whole number that is not negative",
        "System.Double" or "System.Decimal" => "a number",
        "System.Boolean" => "true or false",
        "System.IO.DirectoryInfo" => "the path of a folder",
        _ => "another value",
    };

    // The names of subcommands, of which the innermost alone would not be found.
    private static string Path(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Path(parent)} {command.Command.Name}" : "";

    [GeneratedRegex(@"\ACannot parse argument '(?<value>.*)' for " +
        @"(?:option '(?<option>[^']*)'|command '[^']*') as expected type '(?<type>[^']*)'", RegexOptions.Singleline)]
    private static partial Regex Unparsed();
}
