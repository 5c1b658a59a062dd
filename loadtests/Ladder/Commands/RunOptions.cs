using System.CommandLine;

namespace Streaming.Loadtests.Ladder.Commands;

/// <summary>The options that commands share.</summary>
internal static class RunOptions
{
    /// <summary>What stands where nothing is given.</summary>
    public static LadderOptions Defaults { get; } = new();

    public static Option<int> Events { get; } =
        new("--events") { Description = "Events that every rung reads.", DefaultValueFactory = _ => Defaults.Events };

    public static Option<int> Members { get; } =
        new("--members") { Description = "Members they are drawn from.", DefaultValueFactory = _ => Defaults.Members };

    public static Option<int> Seed { get; } =
        new("--seed") { Description = "Seed of the members' lives.", DefaultValueFactory = _ => Defaults.Seed };

    public static Option<int> Partitions { get; } =
        new("--partitions") { Description = "Partitions of each topic.", DefaultValueFactory = _ => Defaults.Partitions };

    public static Option<string> Kafka { get; } =
        new("--kafka") { Description = "A running Apache Kafka; without it one is started from KAFKA_HOME.", HelpName = "HOST:PORT" };

    public static Option<string> ClickHouse { get; } =
        new("--clickhouse") { Description = "A running ClickHouse; without it the embedded one is started.", HelpName = "URL" };

    public static Option<string> Rules { get; } =
        new("--rules") { Description = "Rules file; the shipped one by default.", HelpName = "FILE" };

    public static Option<string> Data { get; } =
        new("--data") { Description = "Folder on the disk to be measured.", HelpName = "DIR", DefaultValueFactory = _ => Defaults.Data };

    public static Option<string[]> Rungs { get; } = new("--rungs") { Description = "Measure these alone, beside the consumer; all " +
        "by default.", HelpName = "NAMES", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. Defaults.Rungs] };

    public static Option<string> Report { get; } =
        new("--report") { Description = "Write the table to this markdown file.", HelpName = "FILE" };

    /// <summary>What a command line of a run over topics says.</summary>
    public static LadderOptions Read(ParseResult parsed) => new()
    {
        Events = parsed.GetValue(Events),
        Members = parsed.GetValue(Members),
        Seed = parsed.GetValue(Seed),
        Partitions = parsed.GetValue(Partitions),
        Kafka = parsed.GetValue(Kafka),
        ClickHouse = parsed.GetValue(ClickHouse),
        Rungs = parsed.GetValue(Rungs) ?? Defaults.Rungs,
        Rules = parsed.GetValue(Rules),
        Data = parsed.GetValue(Data) ?? Defaults.Data,
        Report = parsed.GetValue(Report),
    };

    /// <summary>The command line for the report: a connection string may hold a password.</summary>
    public static string[] WithoutSecrets(string[] args) => [.. args.Select((word, i) =>
        i > 0 && args[i - 1] == "--postgres" ? "STRING"
        : word.StartsWith("--postgres=", StringComparison.Ordinal) || word.StartsWith("--postgres:", StringComparison.Ordinal)
            ? "--postgres=STRING" : word)];
}
