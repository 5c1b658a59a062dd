using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Streaming.Loadtests;

namespace Streaming.GrainsCost;

/// <summary>The program <c>streaming-silo</c>, built beside this one, as a process of its own. It is killed when disposed.</summary>
internal sealed class SiloChild : IAsyncDisposable
{
    private const string Ready = "ready ops=";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process process;
    private readonly HttpClient http;

    private SiloChild(Process process, string ops)
    {
        this.process = process;
        http = new HttpClient { BaseAddress = new Uri(ops), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Starts one and waits until it takes part.</summary>
    /// <param name="settings">Names and values, without the prefix of the environment.</param>
    /// <param name="stop">Ends the waiting, and the process.</param>
    /// <exception cref="LoadtestException">It ended, or did not become ready in two minutes.</exception>
    public static async Task<SiloChild> StartAsync(IEnumerable<(string Name, string Value)> settings, CancellationToken stop)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "streaming-silo.dll")])
        {
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in settings) start.Environment["STREAMING__" + name] = value;
        var process = Process.Start(start) ?? throw new LoadtestException("streaming-silo could not be started.");
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, said) =>
        {
            if (said.Data is null) ready.TrySetException(new LoadtestException("streaming-silo ended; what it said stands above."));
            else if (said.Data.StartsWith(Ready, StringComparison.Ordinal)) ready.TrySetResult(said.Data[Ready.Length..].Split(' ')[0]);
            else Console.Error.WriteLine(said.Data);
        };
        process.BeginOutputReadLine();
        try
        {
            return new SiloChild(process, await ready.Task.WaitAsync(Patience, stop));
        }
        catch (Exception e)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            if (e is TimeoutException) throw new LoadtestException("streaming-silo did not become ready in two minutes.");
            throw;
        }
    }

    /// <summary>Ends it by SIGKILL, as a crash would.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits until a member has so many payments by this silo's API.</summary>
    public async Task AppliedAsync(string member, int payments, CancellationToken stop)
    {
        while (await PaidAsync(member, stop) != payments) await Task.Delay(20, stop);
    }

    private async Task<int> PaidAsync(string member, CancellationToken stop)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"/v1/members/{member}", UriKind.Relative), stop);
            if (answer.StatusCode != HttpStatusCode.OK) return -1;
            using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(stop), cancellationToken: stop);
            return json.RootElement.GetProperty("purchases").GetProperty("paid").GetInt32();
        }
        catch (HttpRequestException)
        {
            // While silos agree on who is dead the member may be out of reach.
            return -1;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }
}
