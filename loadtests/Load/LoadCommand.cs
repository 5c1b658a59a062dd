using System.CommandLine;
using System.Text.Json;
using Streaming.Loadtests;
using Streaming.Pipeline.Kafka;
using Streaming.Pipeline.Sinks.ClickHouse;

namespace Streaming.Load;

/// <summary>The command line. Exit codes: 0 everything landed exactly, 1 it did not or the run failed, 2 wrong usage.</summary>
internal static class LoadCommand
{
    private static readonly Argument<string> File = new("workload") { Description = "Workload file, for example loadtests/workloads/steady.yaml." };
    private static readonly Option<string> Data = new("--data") { Description = "Data directory of a running `streaming up`: its endpoints.json says where Kafka and ClickHouse are.", HelpName = "DIR" };
    private static readonly Option<string> Kafka = new("--kafka") { Description = "Bootstrap servers, instead of --data.", HelpName = "HOST:PORT" };
    private static readonly Option<string> ClickHouse = new("--clickhouse") { Description = "HTTP address, instead of --data.", HelpName = "URL" };
    private static readonly Option<string> Report = new("--report") { Description = "Write NAME.json and NAME.html.", HelpName = "NAME" };
    private static readonly Option<int> Patience = new("--patience") { Description = "Seconds after the last event until everything must have landed.", DefaultValueFactory = _ => 60 };

    /// <summary>Runs one command line to its end and returns the process's exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Sends members' lives to a running installation at a given pace and verifies that what was sent landed, exactly.")
        {
            File, Data, Kafka, ClickHouse, Report, Patience,
        };
        root.SetAction(async (parsed, stop) =>
        {
            var (kafka, clickhouse) = Where(parsed);
            var exact = await LoadRun.RunAsync(
                parsed.GetRequiredValue(File), new KafkaSettings { Bootstrap = kafka, Group = "load" }, new ClickHouseSettings { Url = clickhouse },
                parsed.GetValue(Report), TimeSpan.FromSeconds(parsed.GetValue(Patience)), stop);
            return exact ? 0 : 1;
        });
        return CommandLine.RunAsync(root, args);
    }

    private static (string Kafka, string ClickHouse) Where(ParseResult parsed)
    {
        if (parsed.GetValue(Kafka) is { } kafka && parsed.GetValue(ClickHouse) is { } clickhouse) return (kafka, clickhouse);
        var data = parsed.GetValue(Data) ?? throw new LoadtestException("Say where the installation is: --data DIR, or --kafka and --clickhouse.", 2);
        var path = Path.Combine(data, "endpoints.json");
        if (!System.IO.File.Exists(path)) throw new LoadtestException($"{path} is not there: start `streaming up --data {data} --no-sample` first.", 2);
        using var endpoints = JsonDocument.Parse(System.IO.File.ReadAllText(path));
        return (endpoints.RootElement.GetProperty("kafka").GetString()!, endpoints.RootElement.GetProperty("clickhouse").GetString()!);
    }
}
