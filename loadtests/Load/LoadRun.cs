using System.Globalization;
using System.Text.Json;
using Streaming.Pipeline.Kafka;
using Streaming.Pipeline.Sinks.ClickHouse;

namespace Streaming.Load;

/// <summary>One run: sends, follows, waits until all has landed or patience ends, reports.</summary>
internal static class LoadRun
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Runs a workload against a running installation; true when everything landed exactly.</summary>
    /// <param name="report">Base name of the reports (<c>.json</c> and <c>.html</c> are added), or null.</param>
    /// <param name="patience">How long after the last event everything may take to land.</param>
    public static async Task<bool> RunAsync(string path, KafkaSettings kafka, ClickHouseSettings clickhouse, string? report, TimeSpan patience, CancellationToken stop)
    {
        var workload = Workload.Read(path);
        var began = DateTimeOffset.UtcNow;
        var run = began.ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture) + "-";
        KafkaNative.Load();
        using var aggregates = await Aggregates.OpenAsync(clickhouse, stop);
        var expected = new Expected();
        var timeline = new Timeline();
        var follower = new RewardFollower(kafka, expected, timeline);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var following = Task.Factory.StartNew(() => follower.Run(ended.Token), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await follower.Ready;

        var sender = new Sender(kafka, workload, run, expected, timeline);
        var sending = Task.Factory.StartNew(() => sender.Run(stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!sending.IsCompleted)
        {
            await Task.WhenAny(sending, Task.Delay(1000, stop));
            await ShowAsync(aggregates, timeline, stop);
        }

        await sending;
        var sent = timeline.Now;
        var differences = Aggregates.Differences(expected, await aggregates.SinceAsync(stop));
        while ((differences.Count > 0 || !expected.Unrewarded.IsEmpty) && timeline.Now < sent + patience.TotalSeconds)
        {
            await Task.Delay(200, stop);
            differences = Aggregates.Differences(expected, await ShowAsync(aggregates, timeline, stop));
        }

        var landed = timeline.Now;
        await ended.CancelAsync();
        await following;
        Console.WriteLine();
        var exact = differences.Count == 0 && expected.Unrewarded.IsEmpty && follower.Twice == 0;
        var result = new LoadResult(
            Path.GetFileNameWithoutExtension(path), began, exact, differences, expected.Events, expected.Duplicates, expected.Malformed, expected.Purchases,
            expected.Unrewarded.Count, follower.Twice, follower.Repeated, sent, landed, LoadResult.Percentiles(timeline.Latency), LoadResult.Percentiles(timeline.Lateness), timeline.Points());
        Print(result);
        if (report is not null)
        {
            await File.WriteAllTextAsync(report + ".json", JsonSerializer.Serialize(result, Json), stop);
            await File.WriteAllTextAsync(report + ".html", HtmlReport.Write(result), stop);
        }

        return exact;
    }

    private static async Task<Dictionary<string, long>> ShowAsync(Aggregates aggregates, Timeline timeline, CancellationToken stop)
    {
        var found = await aggregates.SinceAsync(stop);
        timeline.Visible(found.Where(f => f.Key.StartsWith("event:", StringComparison.Ordinal) && f.Key != "event:appreciated").Sum(f => f.Value));
        var points = timeline.Points();
        var last = points[Math.Max(0, points.Count - 2)];
        Console.Write(string.Create(CultureInfo.InvariantCulture,
            $"\r{timeline.Now,6:0} s  {points.Sum(p => p.Sent),12:N0} sent  {last.Sent,9:N0}/s  {points[^1].Visible,12:N0} in ClickHouse  reward p50 {last.P50 * 1000,6:N0} ms  p99 {last.P99 * 1000,6:N0} ms "));
        return found;
    }

    private static void Print(LoadResult r)
    {
        Console.WriteLine($"{r.Events:N0} events, {r.Duplicates:N0} repeats, {r.Malformed:N0} malformed in {r.SendingSeconds:N1} s; all looked at after {r.LandedSeconds:N1} s");
        Console.WriteLine("purchase → reward:  " + string.Join("  ", r.Latency.Select(l => $"{l.Key} {l.Value * 1000:N1} ms")));
        Console.WriteLine("generator's part:   " + string.Join("  ", r.GeneratorLateness.Select(l => $"{l.Key} {l.Value * 1000:N1} ms")));
        Console.WriteLine(r.Exact
            ? $"exact: ClickHouse holds what was sent, and each of {r.Purchases:N0} purchases was rewarded once ({r.RewardsRepeated:N0} messages repeated under their id)"
            : $"NOT exact: {r.Unrewarded:N0} purchases without a reward, {r.RewardedTwice:N0} rewarded twice; {string.Join("; ", r.Differences)}");
    }
}
