using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Faults;

/// <summary>The program <c>streaming-silo</c> as a process of its own.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Process process;
    private readonly StringBuilder said;
    private readonly HttpClient http;

    private SiloProcess(Process process, StringBuilder said, string ops)
    {
        (this.process, this.said) = (process, said);
        http = new HttpClient { BaseAddress = new Uri(ops), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Why the program cannot be run here, or null.</summary>
    public static string? Missing => File.Exists(Assembly) ? null : "streaming-silo is not built";

    /// <summary>What it wrote so far.</summary>
    public string Said
    {
        get
        {
            lock (said) return said.ToString();
        }
    }

    private static string Assembly
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(StreamingProgram.Repository, "grains", "Silo", "bin", output.Parent!.Name, output.Name,
                "streaming-silo.dll");
        }
    }

    /// <summary>Starts one that is to end by itself before it is ready; gives its exit code and what it wrote.</summary>
    public static async Task<(int ExitCode, string Said)> EndedAsync(params (string Name, string Value)[] environment)
    {
        using var process = Spawn(environment);
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, string.Concat(await said));
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Starts one and waits until it is ready.</summary>
    public static async Task<SiloProcess> StartAsync(params (string Name, string Value)[] environment)
    {
        var process = Spawn(environment);
        var said = new StringBuilder();
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ended = process.WaitForExitAsync();
        if (await Task.WhenAny(ready.Task, ended, Task.Delay(Patience)) != ready.Task)
        {
            process.Kill(entireProcessTree: true);
            lock (said) throw new InvalidOperationException($"streaming-silo did not become ready: {said}");
        }

        return new SiloProcess(process, said, await ready.Task);

        void Take(string? line)
        {
            lock (said) said.AppendLine(line);
            if (line?.StartsWith("ready ops=", StringComparison.Ordinal) == true) ready.TrySetResult(line.Split(' ')[1]["ops=".Length..]);
        }
    }

    private static Process Spawn((string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig=KILL", "dotnet", Assembly]) { RedirectStandardOutput = true,
            RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment["STREAMING__" + name] = value;
        return StreamingProgram.Spawn(start);
    }

    /// <summary>How many purchases a member has by this silo's API; 0 for one it does not know.</summary>
    public async Task<int> PaidAsync(string member)
    {
        using var answer = await http.GetAsync(new Uri($"/v1/members/{member}", UriKind.Relative));
        if (answer.StatusCode == System.Net.HttpStatusCode.NotFound) return 0;
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return json.RootElement.GetProperty("purchases").GetProperty("paid").GetInt32();
    }

    /// <summary>Its figures.</summary>
    public async Task<PrometheusText> ScrapeAsync() => PrometheusText.Parse(await http.GetStringAsync(new Uri("/v1/metrics",
        UriKind.Relative)));

    /// <summary>Ends it by SIGKILL, as a crash would.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Lets it stand still, as a machine that hangs would.</summary>
    public void Freeze() => ProcessSignals.Send(process.Id, ProcessSignals.Stop);

    /// <summary>Lets it go on where it stood.</summary>
    public void Thaw() => ProcessSignals.Send(process.Id, ProcessSignals.Cont);

    /// <summary>Asks it to leave by SIGTERM and gives the exit code.</summary>
    public Task<int> LeaveAsync()
    {
        ProcessSignals.Send(process.Id, ProcessSignals.Term);
        return EndAsync();
    }

    /// <summary>Waits until it ends and gives the exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }
}
