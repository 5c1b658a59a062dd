using System.CommandLine;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;

namespace Streaming.Loadtests.NBomber;

/// <summary>The command line. Exit codes: 0 every service level held, 1 one was missed or the run failed, 2 wrong usage.</summary>
internal static class ScenariosCommand
{
    private static readonly Option<string> Slo =
        new("--slo") { Description = "Service levels (YAML).", HelpName = "FILE", Required = true };
    private static readonly Option<int> Rate = new("--rate") { Description = "Requests per second of each HTTP scenario, purchases and " +
        "complaints per second of the whole way; 1 to 1000.", DefaultValueFactory = _ => 50 };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long; 5 to 3600.", DefaultValueFactory = _ => 60 };
    private static readonly Option<string> Report =
        new("--report") { Description = "Folder for NBomber's own reports; none without it.", HelpName = "DIR" };

    /// <summary>Runs one command line to its end and returns the process's exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("NBomber scenarios against an installation: its HTTP surface, and the whole way from an event to its " +
            "reward or alert.")
        {
            Slo, Rate, Seconds, Report,
        };
        foreach (var option in Target.Options) root.Options.Add(option);
        Rate.Validators.Add(r => Range(r, 1, 1_000));
        Seconds.Validators.Add(r => Range(r, 5, 3_600));
        root.SetAction(async (parsed, stop) =>
        {
            var levels = ServiceLevels.Read(parsed.GetRequiredValue(Slo));
            await using var target = await Target.OpenAsync(parsed, null, stop);
            if (target.Endpoints.Ops.Length == 0) throw new CommandException("The HTTP scenarios need the ops address: add --ops URL.", 2);
            var plan = new ScenarioPlan(parsed.GetValue(Rate), TimeSpan.FromSeconds(parsed.GetValue(Seconds)), parsed.GetValue(Report));
            return await ScenariosRun.RunAsync(target.Endpoints, plan, levels, stop) ? 0 : 1;
        });
        return LoadtestRunner.RunAsync("scenarios", root, args);
    }

    private static void Range(System.CommandLine.Parsing.OptionResult given, int from, int to)
    {
        if (given.GetValueOrDefault<int>() is var value && (value < from || value > to))
        {
            given.AddError($"{given.Option.Name} is {value}; it must be {from} to {to}.");
        }
    }
}

/// <summary>How much, how long, and where NBomber's reports go.</summary>
internal sealed record ScenarioPlan(int Rate, TimeSpan During, string? Report);
