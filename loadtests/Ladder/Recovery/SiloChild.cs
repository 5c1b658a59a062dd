using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Children;

namespace Streaming.Loadtests.Ladder.Recovery;

/// <summary>The program <c>streaming-silo</c>, built beside this one, as a process of its own. It is killed when disposed.</summary>
internal sealed class SiloChild : IAsyncDisposable
{
    private readonly ChildProcess process;
    private readonly HttpClient http;

    private SiloChild(ChildProcess process)
    {
        this.process = process;
        http = new HttpClient { BaseAddress = new Uri(process.Ready.Split(' ')[0]), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Starts one and waits until it takes part.</summary>
    /// <param name="settings">Names and values, without the prefix of the environment.</param>
    /// <param name="stop">Ends the waiting, and the process.</param>
    /// <exception cref="ChildProcessException">It ended, or did not become ready in two minutes.</exception>
    public static async Task<SiloChild> StartAsync(IEnumerable<(string Name, string Value)> settings, CancellationToken stop) =>
        new(await ChildProcess.StartAsync(ChildProcessOptions.Beside("silo", "streaming-silo") with
        {
            Environment = settings.ToDictionary(s => "STREAMING__" + s.Name, s => (string?)s.Value, StringComparer.Ordinal),
            ReadyMark = "ready ops=", // log lines hold the word too
        }, NullLogger.Instance, stop));

    /// <summary>Ends it by SIGKILL, as a crash would.</summary>
    public Task KillAsync() => process.KillAsync();

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
        await process.KillAsync();
        await process.DisposeAsync();
    }
}
