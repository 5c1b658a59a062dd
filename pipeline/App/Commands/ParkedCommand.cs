using System.CommandLine;
using Spectre.Console;
using Streaming.App.Installing;
using Streaming.Common.CommandLine;
using Streaming.Common.Escaping;
using Streaming.Engine.Storing;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.App.Commands;

/// <summary><c>streaming parked</c>: what Kafka or ClickHouse refused for good. Works on a stopped installation.</summary>
internal static class ParkedCommand
{
    private static readonly Option<string> Data =
        new("--data") { Description = "Data directory of the stopped installation.", HelpName = "DIR" };
    private static readonly Argument<long> Id = new("id") { Description = "Number of the item, from the list." };

    public static Command Create()
    {
        var list = new Command("list", "Show the parked items.") { Data };
        list.SetAction(parsed => With(parsed, List));
        var redrive = new Command("redrive", "Send an item again at the next start.") { Id, Data };
        redrive.SetAction(parsed => With(parsed, items => Act(items.Redrive, parsed.GetValue(Id), "is sent again at the next start")));
        var drop = new Command("drop", "Forget an item for good.") { Id, Data };
        drop.SetAction(parsed => With(parsed, items => Act(items.Remove, parsed.GetValue(Id), "is forgotten")));
        return new Command("parked", "List, redrive or drop what Kafka or ClickHouse refused for good.") { list, redrive, drop };
    }

    private static int With(ParseResult parsed, Func<IParkedItems, int> act)
    {
        var settings = UpSettings.Read(parsed.GetValue(Data) is { } data ? [new("Data", data)] : [], rules: false);
        using var directory = DataDirectory.OpenExisting(settings.Data);
        using var store = SqliteStore.Open(directory);
        return act(store.Parked);
    }

    private static int List(IParkedItems items)
    {
        var table = new Table().AddColumns("id", "kind", "for", "bytes", "refused because");
        foreach (var item in items.List(1_000))
            table.AddRow($"{item.Id}", item.Kind, Cell(item.Target), $"{item.Bytes.Length}", Cell(item.Reason));
        AnsiConsole.Write(table);
        return ExitCodes.Done;
    }

    private static string Cell(string text) => Markup.Escape(TerminalText.Of(text));

    private static int Act(Func<long, bool> act, long id, string done)
    {
        if (!act(id))
        {
            throw new CommandException($"There is no parked item {id}: `streaming parked list` shows what there is.", ExitCodes.WrongUsage);
        }
        Console.WriteLine($"Item {id} {done}.");
        return ExitCodes.Done;
    }
}
