using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Streaming.Ladder.Reports;
using Streaming.Ladder.Rungs;
using Streaming.Loadtests;

namespace Streaming.Ladder;

/// <summary>The whole ladder: a broker and ClickHouse, events in topics of the run's
/// own, every rung in a process of its own, one table.</summary>
internal static class LadderRun
{
    /// <summary>Runs it; what it made is gone afterwards, but for the report.</summary>
    public static async Task<int> RunAsync(LadderOptions options, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        Check(options);
        var report = await OnPartsAsync(options, [.. Rungs.Rungs.Names.Where(n => n == Rungs.Rungs.Consumer || options.Rungs.Contains(n))],
            (filled, results, machine) => LadderReport.Write(options, filled, results, machine, arguments), stop);
        await SayAsync(report, options, stop);
        return 0;
    }

    /// <summary>The whole pipeline over topics of 1, 4, 16 and 64 partitions each.</summary>
    public static async Task<int> RunPartitionsAsync(LadderOptions options, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        Check(options);
        var report = new PartitionsReport(options, arguments);
        foreach (var partitions in (int[])[1, 4, 16, 64])
        {
            var those = options with { Partitions = partitions };
            await OnPartsAsync(those, ["consumer", "pipeline"], (_, results, machine) => report.Add(partitions, results, machine), stop);
        }

        await SayAsync(report.Write(), options, stop);
        return 0;
    }

    /// <summary>The whole pipeline on stores of 100,000 members and of many: throughput,
    /// memory, and how soon it consumes again after kill -9.</summary>
    public static async Task<int> RunScaleAsync(LadderOptions options, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        Check(options);
        var report = new ScaleReport(options, arguments);
        foreach (var members in (int[])[100_000, options.Members])
        {
            await OnPartsAsync(options with { Members = members }, Rungs.Rungs.Steps, (_, results, machine) => report.Add(results, machine),
                stop);
        }

        await SayAsync(report.Write(), options, stop);
        return 0;
    }

    private static void Check(LadderOptions options)
    {
        if (options.Validate() is { Count: > 0 } errors) throw new LoadtestException(string.Join('\n', errors), 2);
        if (options.ClickHouse is { } clickhouse) Target.CheckUrl("--clickhouse", clickhouse);
        if (options.Kafka is { } kafka) GivenKafka.At(kafka);
        if (options.Report is { } report) OutputFile.Check("--report", report);
        if (typeof(LadderRun).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
        {
            throw new LoadtestException("This is a Debug build, whose figures mean nothing: run it with `dotnet run " +
                "--configuration Release`.", 2);
        }
    }

    private static async Task SayAsync(string report, LadderOptions options, CancellationToken stop)
    {
        Console.WriteLine();
        Console.WriteLine(report);
        if (options.Report is { } file) await File.WriteAllTextAsync(file, report, stop);
    }

    /// <summary>Some rungs on a broker and a ClickHouse of their own; nothing of it is left afterwards.</summary>
    private static async Task<T> OnPartsAsync<T>(
        LadderOptions options, IReadOnlyList<string> rungs, Func<Filled, IReadOnlyList<RungResult>, Machine, T> report,
            CancellationToken stop)
    {
        var run = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture);
        var folder = OutputFile.Folder("--data", options.Data, $"ladder-{run}");
        try
        {
            await using var backends = await Backends.StartAsync(options, folder.FullName, $"ladder-{run}-", stop);
            Console.WriteLine($"filling {backends.Prefix}* on {backends.Kafka} with {options.Events:N0} events of " +
                $"{options.Members:N0} members …");
            var filled = await Prefill.RunAsync(backends, options, stop);
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

            return report(filled, results, Machine.Read(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One rung in a process of its own, so that neither memory nor compiled code of one helps or burdens the next.</summary>
    private static async Task<RungResult> MeasureAsync(string name, Backends backends, LadderOptions options, string folder,
        CancellationToken stop)
    {
        string[] rules = options.Rules is { } file ? ["--rules", file] : [];
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "ladder.dll"), "rung", name,
            "--prefix", backends.Prefix,
            "--kafka", backends.Kafka,
            "--clickhouse", backends.ClickHouse,
            "--events", options.Events.ToString(CultureInfo.InvariantCulture),
            "--members", options.Members.ToString(CultureInfo.InvariantCulture),
            "--data", folder,
            .. rules,
        ])
        { RedirectStandardOutput = true };
        if (backends.ClickHouseUsers is { } users)
        {
            start.Environment["STREAMING__Host__ClickHouse__User"] = users.Owner;
            start.Environment["STREAMING__Host__ClickHouse__Password"] = users.OwnerPassword;
        }

        using var process = Process.Start(start) ?? throw new LoadtestException($"The rung {name} could not be started.");
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            return process.ExitCode == 0 || name == "killed"
                ? JsonSerializer.Deserialize<RungResult>(output)!
                : throw new LoadtestException($"The rung {name} failed with exit code {process.ExitCode}; what it said stands above.");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
