using System.CommandLine;
using System.Globalization;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;

namespace Streaming.Loadtests.Load.Commands;

/// <summary><c>load clear</c>: what runs left that were ended by <c>kill -9</c>; shown, and removed run by run when named.</summary>
/// <remarks>A run that still goes on from elsewhere looks the same on Kafka and
/// ClickHouse: hence nothing is removed that was not named.</remarks>
internal static class ClearCommand
{
    private static readonly Argument<string[]> Runs = new("run") { Description = "Runs to remove, as the list names them. None: the list " +
        "is shown and nothing is removed.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string> Kafka =
        new("--kafka") { Description = "Bootstrap servers of the Kafka they ran on.", HelpName = "HOST:PORT" };
    private static readonly Option<string> ClickHouse =
        new("--clickhouse") { Description = "HTTP address of the ClickHouse they wrote to.", HelpName = "URL" };
    private static readonly Option<string> Folder =
        new("--folder") { Description = "Where they kept their files.", HelpName = "DIR", DefaultValueFactory = _ => Path.GetTempPath() };

    public static Command Create()
    {
        var command = new Command("clear", "Show and remove the topics, database and files of runs that were killed.") { Runs, Kafka,
            ClickHouse, Folder };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var (kafka, clickhouse, folder) = (parsed.GetValue(Kafka), parsed.GetValue(ClickHouse), parsed.GetValue(Folder)!);
        if (folder.Length > 0) folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder)) throw new CommandException($"--folder: '{folder}' is no folder.", 2);
        if (clickhouse is not null) await ExistingClickHouse.ReachAsync(clickhouse, CancellationToken.None);
        if (kafka is not null) await ExistingKafka.ReachAsync(kafka, CancellationToken.None);
        var topics = kafka is null ? [] : RunLeftovers.Topics(kafka);
        var databases = clickhouse is null ? [] : await RunLeftovers.DatabasesAsync(clickhouse);
        var folders = Directory.EnumerateDirectories(folder, "load-*").Select(Path.GetFileName)
            .Where(n => RunNames.OfFolder(n!) is not null).Select(n => (Run: RunNames.OfFolder(n!)!, Name: n!)).ToList();
        var found = topics.Concat(databases).Concat(folders).ToLookup(t => t.Run, StringComparer.Ordinal);
        var named = parsed.GetValue(Runs) ?? [];
        if (named.Length == 0)
        {
            foreach (var run in found.OrderBy(r => r.Key, StringComparer.Ordinal))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{run.Key}  began {RunNames.Began(run.Key):yyyy-MM-dd HH:mm:ss} UTC  {string.Join(' ', run.Select(t => t.Name))}"));
            Console.WriteLine(found.Count == 0 ? "Nothing of any run is there." : "Nothing was removed; name the runs that are dead to " +
                "remove what is theirs.");
            return 0;
        }

        if (named.Where(r => !found.Contains(r)).ToList() is { Count: > 0 } unknown)
        {
            throw new CommandException($"Nothing of {string.Join(", ", unknown)} is there; without a run the list is shown.", 2);
        }
        foreach (var run in named)
        {
            var files = Path.Combine(folder, RunNames.Folder(run));
            if (Directory.Exists(files))
            {
                using (OutputFile.Hold(files)) { } // in use by a run that still goes on: refused before anything is removed
            }

            if (kafka is not null)
            {
                foreach (var topic in await RunLeftovers.RemoveTopicsAsync(kafka, run)) Console.WriteLine($"removed topic {topic}");
            }
            if (databases.Any(d => d.Run == run))
            {
                await RunLeftovers.RemoveDatabaseAsync(clickhouse!, run);
                Console.WriteLine($"removed database {RunNames.Database(run)}");
            }

            if (!Directory.Exists(files)) continue;
            Directory.Delete(files, recursive: true);
            Console.WriteLine($"removed folder {files}");
        }

        return 0;
    }
}
