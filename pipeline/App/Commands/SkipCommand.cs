using System.CommandLine;
using System.Globalization;
using Streaming.Common.CommandLine;
using Streaming.Engine.Commits;
using Streaming.Stores.Sqlite;

namespace Streaming.App.Commands;

/// <summary><c>streaming skip</c>: leaves out what blocks a partition. Works on a
/// stopped installation, and only where something blocks.</summary>
internal static class SkipCommand
{
    private static readonly Option<string> Topic = new("--topic") { Description = "The topic, with its prefix.", Required = true };
    private static readonly Option<int> Partition = new("--partition") { Description = "The partition.", Required = true };
    private static readonly Option<long> Offset = new("--offset") { Description = "The offset that blocks it, as the log and " +
        "/health/ready say.", Required = true };
    private static readonly Option<long?> To = new("--to") { Description = "The offset to go on at; default the next offset. A damaged " +
        "batch may hold many." };

    public static Command Create()
    {
        var skip = new Command("skip", "Skip the records that block a partition. They are not read again.") { StoppedStore.Data, Topic,
            Partition, Offset, To };
        skip.SetAction(Run);
        return skip;
    }

    private static void Run(ParseResult parsed)
    {
        var (topic, partition, offset) = (parsed.GetRequiredValue(Topic), parsed.GetValue(Partition), parsed.GetValue(Offset));
        var to = parsed.GetValue(To) ?? offset + 1;
        if (to <= offset) throw new CommandException("--to must be greater than --offset.", ExitCodes.WrongUsage);
        StoppedStore.Use(parsed, store => Skip(store, topic, partition, offset, to));
        Console.WriteLine($"{to - offset} offsets of {topic}/{partition} are skipped: it goes on at {to}.");
    }

    private static void Skip(SqliteStore store, string topic, int partition, long offset, long to)
    {
        var at = string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}@{offset}");
        var blocked = BlockedFact.Get(store.Facts);
        if (!blocked.Contains(at) || !store.Skip(topic, partition, offset, to))
        {
            var those = blocked.Count == 0 ? "nothing blocks any partition" : $"what blocks is {string.Join(", ", blocked)}";
            throw new CommandException($"Nothing is skipped: {at} does not block its partition ({those}).", ExitCodes.WrongUsage);
        }

        BlockedFact.Set(store.Facts, blocked.Where(b => b != at));
    }
}
