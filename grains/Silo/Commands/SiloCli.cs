using System.CommandLine;
using System.Globalization;
using Streaming.Common.CommandLine;
using Streaming.Kafka.Client;
using Streaming.Ops.Commands;
using Streaming.Silo.Hosting;

namespace Streaming.Silo.Commands;

/// <summary>The <c>streaming-silo</c> command line. How every command ends is <see cref="CommandRunner"/>'s.</summary>
internal static class SiloCli
{
    // A leave that takes longer than this (a part that hangs) is cut short; its own deadlines are below it.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(40);

    private static readonly Option<string> Postgres =
        Text("--postgres", "Connection string of the cluster's database (Storage:Postgres).", "STRING");
    private static readonly Option<bool> InMemory =
        new("--in-memory") { Description = "Keep everything in this process's memory, for a try-out (Storage:InMemory)." };
    private static readonly Option<string> Kafka = Text("--kafka", "Bootstrap servers (Kafka:Bootstrap).", "HOST:PORT");
    private static readonly Option<string> ClickHouse = Text("--clickhouse", "HTTP address of ClickHouse (ClickHouse:Url).", "URL");
    private static readonly Option<string> Rules = Text("--rules", "Rules file a new database begins with (Rules).", "FILE");
    private static readonly Option<string> Address =
        Text("--address", "Address under which the other silos reach this one (Silo:Address).", "IP");
    private static readonly Option<int> Port =
        new("--port") { Description = "Port the other silos connect to, 0 for a free one (Silo:Port).", HelpName = "PORT" };
    private static readonly Option<int> OpsPort = new("--ops-port") { Description = "Port of the ops page (Ops:Port).", HelpName = "PORT" };

    /// <summary>Runs one command to its end and returns the process's exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        Tables.Prepare();
        var root = new RootCommand("One silo of an engagement cluster: reads its share of Kafka, holds its share of the members, sends " +
            "what they cause.")
        {
            Postgres, InMemory, Kafka, ClickHouse, Rules, Address, Port, OpsPort, RulesCommand.Create(Postgres),
            ParkedCommand.Create("streaming-silo", Postgres, "when its outbox is opened the next time",
                (parsed, act, stop) => CommandDatabase.UseParkedAsync(CommandDatabase.Of(parsed, Postgres), act, stop)),
        };
        root.SetAction((parsed, stop) => SiloRun.RunAsync(SiloSettings.Read(Overrides(parsed)), stop));
        return CommandRunner.RunAsync(
            root, args, "streaming-silo", LongestStop, failure => KafkaFailure.Sentence(failure, "Kafka:Bootstrap"));
    }

    /// <summary>What the command line says, by setting path.</summary>
    internal static Dictionary<string, string?> Overrides(ParseResult parsed)
    {
        var given = new Dictionary<string, string?>();
        foreach (var (option, setting) in new[] { (Postgres, "Storage:Postgres"), (Kafka, "Kafka:Bootstrap"),
            (ClickHouse, "ClickHouse:Url"), (Rules, "Rules"), (Address, "Silo:Address") })
        {
            if (parsed.GetValue(option) is { } value) given[setting] = value;
        }

        foreach (var (option, setting) in new[] { (Port, "Silo:Port"), (OpsPort, "Ops:Port") })
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                given[setting] = parsed.GetValue(option).ToString(CultureInfo.InvariantCulture);
            }
        }

        if (parsed.GetValue(InMemory)) given["Storage:InMemory"] = "true";
        return given;
    }

    private static Option<string> Text(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help };
}
