using System.CommandLine;
using System.Globalization;
using Streaming.Common.Settings;
using Streaming.Engine.Storing;
using Streaming.Silo.Storage.Postgres;

namespace Streaming.Silo.Commands;

/// <summary><c>streaming-silo parked</c>: what Kafka or ClickHouse refused for good, of all outboxes. Works while silos run.</summary>
internal static class ParkedCommand
{
    private const int Most = 1_000;
    private static readonly Argument<long> Id = new("id") { Description = "Number of the item, from the list." };

    public static Command Create(Option<string> postgres)
    {
        var list = new Command("list", "Show the parked items.") { postgres };
        list.SetAction((parsed, stop) => WithAsync(parsed, postgres, List, stop));
        var redrive = new Command("redrive", "Send an item again, when its outbox is opened the next time.") { Id, postgres };
        redrive.SetAction((parsed, stop) => WithAsync(parsed, postgres,
            items => Act(items.Redrive, parsed.GetValue(Id), "is sent again when its outbox is opened the next time"), stop));
        var drop = new Command("drop", "Forget an item for good.") { Id, postgres };
        drop.SetAction((parsed, stop) =>
            WithAsync(parsed, postgres, items => Act(items.Remove, parsed.GetValue(Id), "is forgotten"), stop));
        return new Command("parked", "List, redrive or drop what Kafka or ClickHouse refused for good.") { list, redrive, drop };
    }

    private static async Task WithAsync(ParseResult parsed, Option<string> postgres, Action<IParkedItems> act, CancellationToken stop)
    {
        await using var source = await PostgresSettings.ReachAsync(CommandDatabase.Of(parsed, postgres), stop);
        await PostgresSchema.ApplyAsync(source, stop);
        act(new PostgresParkedItems(source, null));
    }

    private static void List(IParkedItems items)
    {
        foreach (var item in items.List(Most))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{item.Id}\t{item.Kind}\t{item.Target}\t{item.Bytes.Length} " +
                $"bytes\t{item.Reason}"));
        }
    }

    private static void Act(Func<long, bool> act, long id, string done)
    {
        if (!act(id)) throw new SettingsException([$"There is no parked item {id}."]);
        Console.WriteLine($"Item {id} {done}.");
    }
}
