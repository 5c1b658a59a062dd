using System.Globalization;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using Serilog.Events;
using Streaming.Common.CommandLine;
using Streaming.Kafka.Client;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;

namespace Streaming.Loadtests.NBomber;

/// <summary>One run of all scenarios side by side, and its judgement.</summary>
internal static class ScenariosRun
{
    private const string Overview = "engagement-overview";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <summary>Runs them; true when every service level held.</summary>
    public static async Task<bool> RunAsync(Endpoints endpoints, ScenarioPlan plan, ServiceLevels levels, CancellationToken stop)
    {
        KafkaNative.Load();
        var run = RunNames.NewRun();
        using var whole = new EndToEndScenarios(await ExistingKafka.ReachAsync(endpoints.Kafka, stop), endpoints.TopicPrefix, run);
        // one member exists before anybody asks for it
        if ((await whole.Of(EndToEndScenarios.Reward)(new CallSchedule(1))).IsError)
        {
            throw new CommandException($"A purchase sent to {endpoints.Kafka} brought no reward: does the pipeline at {endpoints.Ops} " +
                $"read this broker?");
        }
        using var http = new HttpScenarios(endpoints.Ops, $"nb-{run}-1");
        await http.OpenAsync(Overview, stop);

        var few = Math.Max(1, plan.Rate / 10);
        List<ScenarioProps> scenarios = [.. http.Plain.Select(p => Make(p.Name, plan.Rate, plan, pace => http.GetAsync(pace, p.Path)))];
        scenarios.Add(Make(HttpScenarios.Dashboard, few, plan, http.PanelAsync));
        foreach (var name in new[] { EndToEndScenarios.Reward, EndToEndScenarios.Alert }) scenarios.Add(Make(name, plan.Rate, plan,
            whole.Of(name)));

        var context = NBomberRunner.RegisterScenarios([.. scenarios]).WithTestSuite("streaming").WithTestName("scenarios")
            .WithMinimumLogLevel(LogEventLevel.Warning);
        context = plan.Report is { } folder ? context.WithReportFolder(folder) : context.WithoutReports();
        return Judge(context.Run(), plan, levels, [.. http.Plain.Select(p => p.Name)]);
    }

    private static ScenarioProps Make(string name, int rate, ScenarioPlan plan, Func<CallSchedule, Task<IResponse>> call)
    {
        var paces = new Dictionary<ScenarioOperation, CallSchedule> { [ScenarioOperation.WarmUp] = new(rate),
            [ScenarioOperation.Bombing] = new(rate) };
        return Scenario.Create(name, context => call(paces[context.ScenarioInfo.ScenarioOperation]))
            .WithWarmUpDuration(WarmUp)
            .WithMaxFailCount(int.MaxValue)
            .WithLoadSimulations(Simulation.Inject(rate, TimeSpan.FromSeconds(1), plan.During));
    }

    private static bool Judge(NodeStats stats, ScenarioPlan plan, ServiceLevels levels, IReadOnlyList<string> plain)
    {
        // the sums over all scenarios count every success twice in this version: only a scenario's own counts are read
        var all = stats.ScenarioStats.ToDictionary(s => s.ScenarioName, StringComparer.Ordinal);
        Console.WriteLine("| scenario | a second | ok | failed | p50 ms | p95 ms | p99 ms | max ms " +
            "|\n|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var s in stats.ScenarioStats)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {s.ScenarioName} | {s.Ok.Request.Count / plan.During.TotalSeconds:0.0} | {s.Ok.Request.Count} | " +
                    $"{s.Fail.Request.Count} | {s.Ok.Latency.Percent50:0.0} | {s.Ok.Latency.Percent95:0.0} | " +
                    $"{s.Ok.Latency.Percent99:0.0} | {s.Ok.Latency.MaxMs:0.0} |"));
            foreach (var code in s.Fail.StatusCodes)
            {
                Console.WriteLine($"    {s.ScenarioName}: {code.Count} × {code.StatusCode} {code.Message}");
            }
        }

        var (ok, failed) = (all.Values.Sum(s => (long)s.Ok.Request.Count), all.Values.Sum(s => (long)s.Fail.Request.Count));
        var misses = levels.Misses(new Findings
        {
            RewardP99Ms = P99(EndToEndScenarios.Reward),
            AlertP99Ms = P99(EndToEndScenarios.Alert),
            DashboardP99Ms = P99(HttpScenarios.Dashboard),
            HttpP99Ms = plain.Max(P99),
            ErrorShare = ok + failed == 0 ? null : failed / (double)(ok + failed),
        });
        Console.WriteLine(misses.Count == 0 ? "every service level held" : "MISSED:\n  " + string.Join("\n  ", misses));
        return misses.Count == 0;

        double? P99(string name) => all[name].Ok.Request.Count == 0 ? null : all[name].Ok.Latency.Percent99;
    }
}
