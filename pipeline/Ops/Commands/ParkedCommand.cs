using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Streaming.Common.CommandLine;
using Streaming.Common.Escaping;
using Streaming.Engine.Storing;

namespace Streaming.Ops.Commands;

/// <summary>The <c>parked</c> command of every program that keeps what Kafka or ClickHouse refused for good.</summary>
public static class ParkedCommand
{
    private const int Most = 1_000;
    private static readonly Option<long> After = new("--after") { Description = "Begin with the item after this number." };
    private static readonly Argument<long> Id = new("id") { Description = "Number of the item, from the list." };

    /// <summary>The command with its subcommands.</summary>
    /// <param name="program">What the program is called.</param>
    /// <param name="store">The option that says where the items are.</param>
    /// <param name="sentAgain">When an item is sent again that an operator asked for, as the end of a sentence.</param>
    /// <param name="open">Hands the items over, as long as the call lasts.</param>
    public static Command Create(string program, Option<string> store, string sentAgain,
        Func<ParseResult, Action<IParkedItems>, CancellationToken, Task> open)
    {
        var list = new Command("list", $"Show the parked items, {Most} at a time.") { store, After };
        list.SetAction((parsed, stop) => open(parsed, items => List(items, parsed, sentAgain), stop));
        var redrive = new Command("redrive", $"Send an item again {sentAgain}.") { Id, store };
        redrive.SetAction((parsed, stop) =>
            open(parsed, items => Act(program, items.Redrive, parsed.GetValue(Id), $"is sent again {sentAgain}"), stop));
        var drop = new Command("drop", "Delete an item.") { Id, store };
        drop.SetAction((parsed, stop) => open(parsed, items => Act(program, items.Remove, parsed.GetValue(Id), "is deleted"), stop));
        return new Command("parked", "List, redrive or drop what Kafka or ClickHouse refused for good.") { list, redrive, drop };
    }

    private static void List(IParkedItems items, ParseResult parsed, string sentAgain)
    {
        var found = items.List(Most + 1, parsed.GetValue(After));
        var table = new Table().AddColumns("id", "kind", "for", "bytes", "refused because");
        foreach (var item in found.Take(Most))
        {
            table.AddRow(Number(item.Id), item.Kind, Cell(item.Target), Number(item.Bytes.Length), Cell(item.Reason));
        }

        AnsiConsole.Write(table);
        var beside = parsed.InvocationConfiguration.Error;
        if (found.Count > Most) beside.WriteLine($"There are more: --after {Number(found[Most - 1].Id)}");
        var again = items.ToRedrive(ParkedItem.Message).Count + items.ToRedrive(ParkedItem.Block).Count;
        if (again > 0) beside.WriteLine($"{Number(again)} that are not shown are sent again {sentAgain}.");
    }

    private static void Act(string program, Func<long, bool> act, long id, string done)
    {
        if (!act(id))
        {
            throw new CommandException($"There is no parked item {id}: `{program} parked list` shows what there is.", ExitCodes.WrongUsage);
        }

        Console.WriteLine($"Item {id} {done}.");
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Cell(string text) => Markup.Escape(TerminalText.Of(text));
}
