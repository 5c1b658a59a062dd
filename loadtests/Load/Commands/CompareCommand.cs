using System.CommandLine;
using Streaming.Load.Comparing;
using Streaming.Load.Reports;

namespace Streaming.Load.Commands;

/// <summary><c>load compare</c>: is B different from A, or is that noise?</summary>
internal static class CompareCommand
{
    private static readonly Argument<string> First = new("a") { Description = "Report (NAME.json), or a folder of reports of one workload repeated." };
    private static readonly Argument<string> Second = new("b") { Description = "The same of what is to be compared with it." };

    public static Command Create()
    {
        var command = new Command("compare", "Compare two runs, or two sets of repeated runs, with their noise.") { First, Second };
        command.SetAction(parsed =>
        {
            var (a, b) = (ReportFile.Read(parsed.GetRequiredValue(First)), ReportFile.Read(parsed.GetRequiredValue(Second)));
            foreach (var run in a) Console.WriteLine($"a: {run.Workload} of {run.Began:yyyy-MM-dd HH:mm}, {run.Machine}");
            foreach (var run in b) Console.WriteLine($"b: {run.Workload} of {run.Began:yyyy-MM-dd HH:mm}, {run.Machine}");
            if (a.Concat(b).Select(r => r.Workload).Distinct(StringComparer.Ordinal).Count() > 1) Console.WriteLine("  these are not the same workload: what differs may be that");
            if (!Comparison.Repeated(a, b)) Console.WriteLine($"  fewer than {Noise.Fewest} runs of each: compared by their stretches, which do not show what differs from run to run (`load run --repeat`)");
            foreach (var (measure, difference) in Comparison.Of(a, b)) Console.WriteLine($"  {measure,-28} b is {Comparison.Say(difference)}");
            return 0;
        });
        return command;
    }
}
