using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Kafka.Client;
using Streaming.TestKit;

namespace Streaming.Faults.Pipeline;

/// <summary><c>streaming up --no-sample</c> as a process of its own, that can be killed whole or in part.</summary>
internal sealed class RunningPipeline : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process process;
    private readonly string data, user, password;
    private readonly ConcurrentQueue<string> lines;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(1) };

    private RunningPipeline(Process process, string data, ConcurrentQueue<string> lines, JsonNode endpoints)
    {
        (this.process, this.data, this.lines) = (process, data, lines);
        Kafka = endpoints["kafka"]!.GetValue<string>();
        ClickHouse = endpoints["clickhouse"]!.GetValue<string>();
        Ops = endpoints["ops"]!.GetValue<string>();
        user = endpoints["clickHouseUser"]?.GetValue<string>() ?? "default";
        password = endpoints["clickHousePassword"]?.GetValue<string>() ?? EmbeddedClickHouse.Password;
    }

    /// <summary>host:port of the broker.</summary>
    public string Kafka { get; }

    /// <summary>URL of ClickHouse.</summary>
    public string ClickHouse { get; }

    /// <summary>URL of the ops API.</summary>
    public string Ops { get; }

    /// <summary>Everything it printed so far.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>Starts it and waits for its line <c>ready</c>.</summary>
    public static async Task<RunningPipeline> StartAsync(string data, KafkaKind kind, params (string Name, string Value)[] settings)
    {
        KafkaNative.Load();
        var lines = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = StreamingProgram.Start(
            ["up", "--no-sample", "--data", data], [("KAFKA_HOME", kind == KafkaKind.Apache ? KafkaKinds.Home! : ""), .. settings]);
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (await Task.WhenAny(ready.Task, process.WaitForExitAsync()).WaitAsync(Patience) != ready.Task)
        {
            throw new InvalidOperationException($"streaming up ended with code {process.ExitCode}:\n{string.Join('\n', lines)}");
        }

        return new RunningPipeline(process, data, lines, JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(data,
            "endpoints.json")))!);

        void Read(string? line)
        {
            if (line is null) return;
            lines.Enqueue(line);
            if (line.StartsWith("ready", StringComparison.Ordinal)) ready.TrySetResult();
        }
    }

    /// <summary>Waits until the answer is yes; a timeout shows what the program said.</summary>
    /// <exception cref="TimeoutException">It was never yes within two minutes.</exception>
    public async Task UntilAsync(Func<Task<bool>> question)
    {
        try
        {
            await Until.TrueAsync(question, TimeSpan.FromMinutes(2));
        }
        catch (TimeoutException e)
        {
            var status = await http.GetStringAsync(new Uri($"{Ops}/v1/status"));
            throw new TimeoutException($"{e.Message} The program said:\n{Output}\nIts status: {status}", e);
        }
    }

    /// <summary>A member's points; 0 for one nobody has heard of.</summary>
    public async Task<long> PointsAsync(string member)
    {
        using var response = await http.GetAsync(new Uri($"{Ops}/v1/members/{member}"));
        if (response.StatusCode == HttpStatusCode.NotFound) return 0;
        using var json = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("points").GetInt64();
    }

    /// <summary>Records that came to their end since the start: applied, seen before, or refused. By what became of them.</summary>
    public async Task<(long Applied, long Duplicates, long Rejected)> HandledAsync()
    {
        var metrics = await ScrapeAsync();
        return ((long)metrics.Sum("streaming_events_applied_total"), (long)metrics.Sum("streaming_duplicates_total"),
            (long)metrics.Sum("streaming_records_rejected_total"));
    }

    /// <summary>Its figures.</summary>
    public async Task<PrometheusText> ScrapeAsync() => PrometheusText.Parse(await http.GetStringAsync(new Uri($"{Ops}/v1/metrics")));

    /// <summary>What <c>/health/ready</c> says: the status, and the codes of the reasons as text.</summary>
    public async Task<(HttpStatusCode Status, string Body)> ReadyAsync()
    {
        using var response = await http.GetAsync(new Uri($"{Ops}/health/ready"));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A query's answer, or null while ClickHouse is away.</summary>
    public async Task<string?> AskAsync(string sql)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post,
                $"{ClickHouse}/?database=engagement") { Content = new StringContent(sql) };
            request.Headers.Add("X-ClickHouse-User", user);
            request.Headers.Add("X-ClickHouse-Key", password);
            using var response = await http.SendAsync(request);
            return response.IsSuccessStatusCode ? (await response.Content.ReadAsStringAsync()).Trim() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>kill -9 of the child that runs this program or subcommand; returns when it is gone.</summary>
    public async Task KillChildAsync(string program)
    {
        using var child = Process.GetProcessById(ChildId(program));
        child.Kill();
        await child.WaitForExitAsync();
    }

    /// <summary>kill -9 of the program; its children die with it.</summary>
    public Task KillAsync() => ProcessTree.KillAsync(process);

    /// <summary>SIGSTOP of the child that runs this program or subcommand: it answers nothing any more.</summary>
    public void FreezeChild(string program) => ProcessSignals.Send(ChildId(program), ProcessSignals.Stop);

    /// <summary>SIGTERM, which does what Ctrl-C does; gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        ProcessSignals.Send(process.Id, ProcessSignals.Term);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }

    private int ChildId(string program) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Single(id => id > 0 && id != process.Id && IsChild(id, program));

    private bool IsChild(int id, string program)
    {
        try
        {
            var arguments = File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
            return Array.Exists(arguments, a => a == program || Path.GetFileName(a) == program + ".dll")
                && arguments.Any(a => a.StartsWith(data, StringComparison.Ordinal))
                && File.ReadAllText($"/proc/{id}/status").Contains($"PPid:\t{process.Id}\n", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // ended while being looked at
        }
    }
}
