using System.CommandLine;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Load.Comparing;
using Streaming.Loadtests.Load.Reports;

namespace Streaming.Loadtests.Load.Commands;

/// <summary><c>load compare</c>: is B different from A, or is that noise?</summary>
internal static class CompareCommand
{
    private static readonly Argument<string> First =
        new("a") { Description = "Report (NAME.json), or a folder of reports of one workload repeated." };
    private static readonly Argument<string> Second = new("b") { Description = "The same of what is to be compared with it." };

    private static readonly Option<double> Limit = new("--limit") { Description = "By how much b may be worse than a: 0.1 = a tenth. " +
        "What is shown to be worse than that fails the comparison. 0 to 10.", HelpName = "SHARE", DefaultValueFactory = _ => 0.1 };

    public static Command Create()
    {
        var command = new Command("compare", "Compare two runs, or two sets of repeated runs, with their noise; fails when b is worse " +
            "than a by more than a limit.") { First, Second, Limit };
        command.SetAction(parsed =>
        {
            var limit = parsed.GetValue(Limit);
            if (limit is not (>= 0 and <= 10))
                throw new CommandException(FormattableString.Invariant($"--limit is {limit}; it must be 0 to 10."), 2);
            var (a, b) = (ReportFile.Read(parsed.GetRequiredValue(First)), ReportFile.Read(parsed.GetRequiredValue(Second)));
            foreach (var run in a) Console.WriteLine($"a: {run.Workload} of {run.Began:yyyy-MM-dd HH:mm}, {run.Machine}");
            foreach (var run in b) Console.WriteLine($"b: {run.Workload} of {run.Began:yyyy-MM-dd HH:mm}, {run.Machine}");
            if (a.Concat(b).Select(r => r.Workload).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                Console.WriteLine("  these are different workloads: a difference may come from that");
            }
            if (!Comparison.Repeated(a, b))
            {
                Console.WriteLine($"  fewer than {RatioTest.MinMeasurements} runs of each: compared by their stretches, which do not show what " +
                    $"differs from run to run (`load run --repeat`)");
            }
            var compared = Comparison.Of(a, b);
            var worse = compared.Where(c => Comparison.Worse(c.Measure, c.Difference, limit)).Select(c => c.Measure).ToList();
            foreach (var (measure, difference) in compared)
                Console.WriteLine($"  {measure,-28} b is {Comparison.Say(difference)}{(worse.Contains(measure) ? ": WORSE" : "")}");
            if (compared.All(c => c.Difference is null))
                return Fail("nothing could be compared: run longer, or several times (`load run --repeat`)");
            return worse.Count == 0
                ? 0
                : Fail(FormattableString.Invariant($"b is worse by more than {limit:0.##} in: {string.Join(", ", worse)}"));
        });
        return command;
    }

    private static int Fail(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}
