using System.CommandLine;
using System.Text.Json;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;
using Streaming.Loadtests.Load.Reports;
using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Load.Commands;

/// <summary><c>load run</c>: one workload, or the same several times; judged, reported.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> File =
        new("workload") { Description = "Workload file, for example loadtests/workloads/steady.yaml." };
    private static readonly Option<string> Slo =
        new("--slo") { Description = "Service levels (YAML); without it the run must be exact, nothing else.", HelpName = "FILE" };
    private static readonly Option<string> Report =
        new("--report") { Description = "Write NAME.json and NAME.html; with --repeat NAME-1.json and so on.", HelpName = "NAME" };
    private static readonly Option<int> Repeat =
        new("--repeat") { Description = "Runs, one after the other.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Patience = new("--patience") { Description = "Seconds after the last event until everything must " +
        "have landed.", DefaultValueFactory = _ => 60 };

    public static Command Create()
    {
        var command = new Command("run", "Send one workload, follow it to the end, verify and judge it.") { File, Slo, Report, Repeat,
            Patience };
        foreach (var option in Target.Options) command.Options.Add(option);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var path = parsed.GetRequiredValue(File);
        var workload = Workload.Read(path);
        var levels = parsed.GetValue(Slo) is { } file ? ServiceLevels.Read(file) : new ServiceLevels { Exact = true };
        var repeat = parsed.GetValue(Repeat);
        var patience = parsed.GetValue(Patience);
        if (repeat is < 1 or > 1_000 || patience is < 1 or > 86_400)
            throw new CommandException("--repeat must be 1 to 1000, --patience 1 to 86400 seconds.", 2);
        var reports = parsed.GetValue(Report) is { } report ? ReportNames(report, repeat) : [];
        foreach (var name in reports) Check(name);
        var held = true;
        var rules = workload.Storm is { } storm && Target.IsOwn(parsed)
            ? storm.OwnRules(await System.IO.File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "rules.yaml"), stop),
                DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())
            : null;
        await using var target = await Target.OpenAsync(parsed, rules, stop);
        for (var i = 0; i < repeat; i++)
        {
            var outcome = await LoadRun.RunAsync(Path.GetFileNameWithoutExtension(path), workload, target.Endpoints,
                TimeSpan.FromSeconds(patience), stop);
            TextReport.Print(outcome.Result);
            var misses = levels.Misses(outcome.Result.Findings(levels.AfterWarmUp));
            Console.WriteLine(misses.Count == 0 ? "every service level held" : "MISSED:\n  " + string.Join("\n  ", misses));
            held &= misses.Count == 0;
            if (reports.Count > 0) await WriteAsync(reports[i], outcome.Result, misses, stop);
        }

        return held ? 0 : 1;
    }

    /// <summary>What each run's report is called, without the ending.</summary>
    private static IReadOnlyList<string> ReportNames(string name, int repeat) =>
        repeat == 1 ? [name] : [.. Enumerable.Range(1, repeat).Select(i => $"{name}-{i}")];

    private static void Check(string name)
    {
        OutputFile.Check("--report", name + ".json");
        OutputFile.Check("--report", name + ".html");
    }

    private static async Task WriteAsync(string name, LoadResult result, IReadOnlyList<string> misses, CancellationToken stop)
    {
        await System.IO.File.WriteAllTextAsync(name + ".json", JsonSerializer.Serialize(result, ReportFile.Json), stop);
        await System.IO.File.WriteAllTextAsync(name + ".html", HtmlReport.Write(result, misses), stop);
    }
}
