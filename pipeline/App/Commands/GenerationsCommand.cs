using System.CommandLine;
using Streaming.App.Installing;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Migrating;
using Streaming.Common.CommandLine;

namespace Streaming.App.Commands;

/// <summary><c>streaming generations</c>: which generations of the aggregates ClickHouse
/// holds, and dropping one that a rebuild has replaced.</summary>
/// <remarks>Generations are never dropped automatically: a test installation with the address of the wrong ClickHouse would delete the rows
/// of the right one.</remarks>
internal static class GenerationsCommand
{
    private static readonly Option<string> ClickHouse = new("--clickhouse") { Description = "Address of ClickHouse (see endpoints.json " +
        "of a running installation; user and password are the settings Host:ClickHouse:User and Password).", HelpName = "URL",
        Required = true };
    private static readonly Argument<ulong> Generation = new("generation") { Description = "Number of the generation, from the list." };

    public static Command Create()
    {
        var list = new Command("list", "Show the generations, their rows, and which one views and dashboards read.") { ClickHouse };
        list.SetAction((parsed, stop) => With(parsed, generations => ListAsync(generations, stop)));
        var drop = new Command("drop", "Delete every row of a generation that is not the current one.") { Generation, ClickHouse };
        drop.SetAction((parsed, stop) => With(parsed, generations => DropAsync(generations, parsed.GetValue(Generation), stop)));
        return new Command("generations", "List or drop generations of the aggregates in ClickHouse.") { list, drop };
    }

    private static async Task<int> With(ParseResult parsed, Func<Generations, Task> act)
    {
        var settings = UpSettings.Read([new("Host:ClickHouse:Url", parsed.GetValue(ClickHouse))], rules: false);
        using var client = new ClickHouseClient(settings.Host.ClickHouse);
        try
        {
            await act(new Generations(client));
            return ExitCodes.Done;
        }
        catch (ClickHouseException e)
        {
            throw new CommandException(e.Message, e.Whose is Fault.Network or Fault.Setup ? ExitCodes.WrongUsage : ExitCodes.Failed);
        }
    }

    private static async Task ListAsync(Generations generations, CancellationToken stop)
    {
        var current = await generations.CurrentAsync(stop);
        foreach (var (generation, rows) in await generations.ListAsync(stop))
            Console.WriteLine($"{generation}  {rows} rows{(generation == current ? "  current" : "")}");
    }

    private static async Task DropAsync(Generations generations, ulong generation, CancellationToken stop)
    {
        if (await generations.CurrentAsync(stop) == generation)
            throw new CommandException($"Generation {generation} is the one views and dashboards read; it is not dropped.",
                ExitCodes.WrongUsage);
        if ((await generations.ListAsync(stop)).All(g => g.Generation != generation))
            throw new CommandException($"There is no generation {generation}.", ExitCodes.WrongUsage);
        await generations.DropAsync(generation, stop);
        Console.WriteLine($"Generation {generation} is dropped.");
    }
}
