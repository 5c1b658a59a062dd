using System.CommandLine;
using Streaming.Common.Settings;
using Streaming.Engine.Rules;
using Streaming.Silo.Storage.Postgres;

namespace Streaming.Silo.Commands;

/// <summary><c>streaming-silo rules</c>: puts other rules in force for the whole cluster. Works
/// while silos run: they take them up within two seconds.</summary>
internal static class RulesCommand
{
    private static readonly Argument<string> File = new("file") { Description = "Rules file." };

    public static Command Create(Option<string> postgres)
    {
        var set = new Command("set", "Put the rules of a file in force.") { File, postgres };
        set.SetAction((parsed, stop) => SetAsync(CommandDatabase.Of(parsed, postgres), parsed.GetValue(File)!, stop));
        return new Command("rules", "Change the rules of the cluster.") { set };
    }

    private static async Task SetAsync(string connection, string path, CancellationToken stop)
    {
        var errors = new List<string>();
        var text = RulesFile.Read(path, errors);
        if (errors.Count > 0) throw new SettingsException(errors);
        await using var source = await CommandDatabase.OpenAsync(connection, stop);
        var checkedAlone = RulesLoader.Load(text);
        if (checkedAlone.Rules is null) throw new SettingsException(checkedAlone.Errors.Select(e => $"{path}: {e}"));
        var book = new RulesBook(new PostgresFacts(source), text);
        var result = book.Judge(text);
        if (result.Rules is not { } rules) throw new SettingsException(result.Errors.Select(e => $"{path}: {e}"));
        var before = book.Current.Version;
        if (rules.Hash != book.Current.Hash) book.Change(rules, text);
        Console.WriteLine($"Rules {rules.Version} are in force, instead of {before}; silos take them up within two seconds.");
        if (result.Lost.Count > 0) Console.Error.WriteLine($"They no longer name {string.Join(", ", result.Lost)}: defaults are in force.");
    }
}
