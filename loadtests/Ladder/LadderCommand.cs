using System.CommandLine;
using Streaming.Ladder.Rungs;
using Streaming.Loadtests;

namespace Streaming.Ladder;

/// <summary>The command line: the whole ladder, or one rung of it (which is how the ladder runs each in a process of its own).</summary>
/// <remarks>Exit codes: 0 done, 1 failed at run time, 2 wrong usage.</remarks>
internal static class LadderCommand
{
    private static readonly LadderOptions Preset = new();
    private static readonly Option<int> Events =
        new("--events") { Description = "Events that every rung reads.", DefaultValueFactory = _ => Preset.Events };
    private static readonly Option<int> Members =
        new("--members") { Description = "Members they are drawn from.", DefaultValueFactory = _ => Preset.Members };
    private static readonly Option<int> Seed =
        new("--seed") { Description = "Seed of the members' lives.", DefaultValueFactory = _ => Preset.Seed };
    private static readonly Option<int> Partitions =
        new("--partitions") { Description = "Partitions of each topic.", DefaultValueFactory = _ => Preset.Partitions };
    private static readonly Option<string> Kafka =
        new("--kafka") { Description = "A running Apache Kafka; without it one is started from KAFKA_HOME.", HelpName = "HOST:PORT" };
    private static readonly Option<string> ClickHouse =
        new("--clickhouse") { Description = "A running ClickHouse; without it the embedded one is started.", HelpName = "URL" };
    private static readonly Option<string> Rules =
        new("--rules") { Description = "Rules file; the shipped one by default.", HelpName = "FILE" };
    private static readonly Option<string> Data =
        new("--data") { Description = "Folder on the disk to be measured.", HelpName = "DIR", DefaultValueFactory = _ => Preset.Data };
    private static readonly Option<string[]> Only = new("--rungs") { Description = "Measure these alone, beside the consumer; all " +
        "by default.", HelpName = "NAMES", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. Preset.Rungs] };
    private static readonly Option<string> Report =
        new("--report") { Description = "Write the table to this markdown file.", HelpName = "FILE" };

    /// <summary>Runs one command line to its end and returns the process's exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Measures what each stage of the pipeline costs, in one run: events per second, CPU, allocation and " +
            "memory of each rung.")
        {
            Events, Members, Seed, Partitions, Only, Kafka, ClickHouse, Rules, Data, Report,
        };
        root.Subcommands.Add(Rung());
        root.Subcommands.Add(Scale(args));
        root.Subcommands.Add(OverPartitions(args));
        root.SetAction((parsed, stop) => LadderRun.RunAsync(Read(parsed), args, stop));
        return CommandLine.RunAsync("ladder", root, args);
    }

    private static Command Rung()
    {
        var name = new Argument<string>("name") { Description = $"One of {string.Join(", ", Ladder.Rungs.Rungs.Names)}." };
        var prefix = new Option<string>("--prefix") { Description = "What the names of the filled topics begin with.", Required = true };
        var command = new Command("rung", "Measures one rung on topics that were filled before; prints its figures as one line of JSON.")
        {
            name, prefix, Events, Members, Kafka, ClickHouse, Rules, Data,
        };
        command.SetAction((parsed, stop) => Ladder.Rungs.Rungs.RunAsync(
            parsed.GetRequiredValue(name),
            new RungContext(
                parsed.GetValue(Kafka) ?? throw new LoadtestException("A rung needs --kafka.", 2),
                parsed.GetValue(ClickHouse), parsed.GetRequiredValue(prefix), parsed.GetValue(Events), parsed.GetValue(Rules),
                parsed.GetValue(Data) ?? Preset.Data,
                parsed.GetValue(Members)),
            stop));
        return command;
    }

    private static Command Scale(string[] args)
    {
        var members = new Option<int>("--members") { Description = "Members in the larger store; the smaller has 100,000.",
            DefaultValueFactory = _ => 10_000_000 };
        var command = new Command("scale", "Measures the whole pipeline on stores full of members: throughput, memory, and how soon it " +
            "consumes again after kill -9.")
        {
            members, Events, Seed, Partitions, Kafka, ClickHouse, Rules, Data, Report,
        };
        command.SetAction((parsed, stop) => LadderRun.RunScaleAsync(Read(parsed) with { Members = parsed.GetValue(members) }, args, stop));
        return command;
    }

    private static Command OverPartitions(string[] args)
    {
        var command = new Command("partitions", "Measures the whole pipeline over topics of 1, 4, 16 and 64 partitions each.") { Events,
            Members, Seed, Kafka, ClickHouse, Rules, Data, Report };
        command.SetAction((parsed, stop) => LadderRun.RunPartitionsAsync(Read(parsed), args, stop));
        return command;
    }

    private static LadderOptions Read(ParseResult parsed) => new()
    {
        Events = parsed.GetValue(Events),
        Members = parsed.GetValue(Members),
        Seed = parsed.GetValue(Seed),
        Partitions = parsed.GetValue(Partitions),
        Kafka = parsed.GetValue(Kafka),
        ClickHouse = parsed.GetValue(ClickHouse),
        Rungs = parsed.GetValue(Only) ?? Preset.Rungs,
        Rules = parsed.GetValue(Rules),
        Data = parsed.GetValue(Data) ?? Preset.Data,
        Report = parsed.GetValue(Report),
    };
}
