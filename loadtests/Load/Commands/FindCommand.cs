using System.CommandLine;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;
using Streaming.Loadtests.Load.Finding;
using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Load.Commands;

/// <summary><c>load find</c>: the highest sustained rate, and the stage that limits it.</summary>
internal static class FindCommand
{
    private static readonly Argument<string> File =
        new("workload") { Description = "Workload file whose members are sent; its phases are not used." };
    private static readonly Option<string> Slo =
        new("--slo") { Description = "Service levels every step must hold (YAML); without it each must be exact.", HelpName = "FILE" };
    private static readonly Option<double> From =
        new("--from") { Description = "First rate, events per second.", DefaultValueFactory = _ => 1_000 };
    private static readonly Option<double> To = new("--to") { Description = "Highest rate.", DefaultValueFactory = _ => 200_000 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "Length of a step.", DefaultValueFactory = _ => 20 };
    private static readonly Option<double> Resolution =
        new("--resolution") { Description = "How close the answer is to be: 0.1 = within 10 %.", DefaultValueFactory = _ => 0.1 };

    public static Command Create()
    {
        var command = new Command("find", "Find the highest rate that is sustained (lag does not grow, service levels hold), and name " +
            "the stage that limits it.") { File, Slo, From, To, Seconds, Resolution };
        foreach (var option in Target.Options) command.Options.Add(option);
        command.SetAction(async (parsed, stop) =>
        {
            var (from, to, seconds, resolution) =
                (parsed.GetValue(From), parsed.GetValue(To), parsed.GetValue(Seconds), parsed.GetValue(Resolution));
            if (!(from > 0 && to >= from && to <= 1_000_000 && seconds >= 4 && resolution >= 0.01))
            {
                throw new CommandException("--from must be above 0, --to at least --from and at most 1000000, --seconds 4 or more, " +
                    "--resolution 0.01 or more.", 2);
            }
            var workload = Workload.Read(parsed.GetRequiredValue(File));
            var levels = parsed.GetValue(Slo) is { } file ? ServiceLevels.Read(file) : new ServiceLevels { Exact = true };
            await using var target = await Target.OpenAsync(parsed, null, stop);
            var found = await FindRun.RunAsync(workload, new Bisection(from, to, resolution), seconds, levels, target.Endpoints, stop);
            return found.Held > 0 ? 0 : 1;
        });
        return command;
    }
}
