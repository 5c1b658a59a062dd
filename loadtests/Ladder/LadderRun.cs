using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;
using Streaming.Loadtests.Ladder.Measuring;
using Streaming.Loadtests.Ladder.Reports;
using Streaming.Loadtests.Ladder.Rungs;

namespace Streaming.Loadtests.Ladder;

/// <summary>The ladder: a broker and ClickHouse, events in topics of the run's own,
/// every rung in a process of its own, one table.</summary>
internal static class LadderRun
{
    /// <summary>Runs it; what it made is gone afterwards, but for the report.</summary>
    public static async Task<int> RunAsync(LadderOptions options, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        Check(options);
        string[] rungs = [.. AllRungs.Names.Where(n => n == AllRungs.Consumer || options.Rungs.Contains(n))];
        var measured = await MeasureAsync(options, rungs, stop);
        return await MarkdownReport.SayAsync(LadderReport.Write(options, measured, arguments), options.Report, stop);
    }

    /// <summary>The whole pipeline over topics of 1, 4, 16 and 64 partitions each.</summary>
    public static async Task<int> RunPartitionsAsync(LadderOptions options, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        Check(options);
        var all = new List<(int Partitions, Measured Measured)>();
        foreach (var partitions in (int[])[1, 4, 16, 64])
        {
            all.Add((partitions, await MeasureAsync(options with { Partitions = partitions }, ["consumer", "pipeline"], stop)));
        }

        return await MarkdownReport.SayAsync(PartitionsReport.Write(options, all, arguments), options.Report, stop);
    }

    /// <summary>The whole pipeline on stores of 100,000 members and of many: throughput,
    /// memory, and how soon it consumes again after kill -9.</summary>
    public static async Task<int> RunScaleAsync(LadderOptions options, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        Check(options);
        var all = new List<Measured>();
        foreach (var members in (int[])[100_000, options.Members])
        {
            all.Add(await MeasureAsync(options with { Members = members }, AllRungs.Steps, stop));
        }

        return await MarkdownReport.SayAsync(ScaleReport.Write(options, all, arguments), options.Report, stop);
    }

    private static void Check(LadderOptions options)
    {
        if (options.Validate() is { Count: > 0 } errors) throw new CommandException(string.Join('\n', errors), 2);
        if (options.ClickHouse is { } clickhouse) Target.CheckUrl("--clickhouse", clickhouse);
        if (options.Kafka is { } kafka) ExistingKafka.At(kafka);
        MarkdownReport.Check(options.Report);
        OptimizedBuild.Check();
    }

    /// <summary>Some rungs on a broker and a ClickHouse of their own; nothing of it is left afterwards.</summary>
    private static async Task<Measured> MeasureAsync(LadderOptions options, IReadOnlyList<string> rungs, CancellationToken stop)
    {
        var run = RunNames.NewRun();
        var folder = OutputFile.Folder("--data", options.Data, $"ladder-{run}");
        try
        {
            await using var backends = await LadderBackends.StartAsync(options, folder.FullName, $"ladder-{run}-", stop);
            Console.WriteLine($"filling {backends.Prefix}* on {backends.Kafka} with {options.Events:N0} events of " +
                $"{options.Members:N0} members …");
            var filled = await TopicFill.RunAsync(backends, options, stop);
            Console.WriteLine($"  {filled.Bytes / (1024.0 * 1024):N0} MiB, {filled.Members:N0} members met, in " +
                $"{filled.Took.TotalSeconds:N1} s");

            var results = new List<RungResult>();
            foreach (var name in rungs)
            {
                Console.Write($"{name} … ");
                var result = await MeasureAsync(name, backends, options, folder.FullName, stop);
                Console.WriteLine($"{result.EventsPerSecond:N0}/s, {result.CpuSecondsPerMillion:N2} CPU s per million");
                results.Add(result);
            }

            return new Measured(filled, results, Machine.Read(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One rung in a process of its own, so that neither memory nor compiled code of one helps or burdens the next.</summary>
    private static async Task<RungResult> MeasureAsync(string name, LadderBackends backends, LadderOptions options, string folder,
        CancellationToken stop)
    {
        string[] rules = options.Rules is { } file ? ["--rules", file] : [];
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "ladder.dll"), "rung", name,
            "--prefix", backends.Prefix,
            "--kafka", backends.Kafka,
            "--clickhouse", backends.ClickHouse.Url,
            "--events", options.Events.ToString(CultureInfo.InvariantCulture),
            "--members", options.Members.ToString(CultureInfo.InvariantCulture),
            "--data", folder,
            .. rules,
        ])
        { RedirectStandardOutput = true };
        start.Environment["STREAMING__Host__ClickHouse__User"] = backends.ClickHouse.User;
        start.Environment["STREAMING__Host__ClickHouse__Password"] = backends.ClickHouse.Password;
        using var process = Process.Start(start) ?? throw new CommandException($"The rung {name} could not be started.");
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            // The rung "killed" ends by SIGKILL, once it has said what it measured.
            return process.ExitCode == 0 || (name == "killed" && output.Length > 0)
                ? JsonSerializer.Deserialize<RungResult>(output)!
                : throw new CommandException($"The rung {name} failed with exit code {process.ExitCode}; what it said stands above.");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
