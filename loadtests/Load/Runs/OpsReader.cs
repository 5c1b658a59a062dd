using System.Net;
using System.Text.Json;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Common.Installations;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>What the pipeline said of itself at one moment.</summary>
/// <param name="At">Seconds of the run.</param>
/// <param name="Lag">Records unread; −1 while the pipeline does not know.</param>
/// <param name="Held">Why intake was held back, or null.</param>
/// <param name="Unsent">Commits whose messages were not acknowledged by Kafka.</param>
/// <param name="Waiting">Blocks that waited for ClickHouse.</param>
/// <param name="Cores">Processor time per second by thread of the pipeline, in cores, since the
/// reading before; empty when its process is not on this machine.</param>
/// <param name="Generator">Cores in use by this process since then.</param>
/// <param name="Busy">Share of all the machine's processors that was busy since the reading before, 0 to 1; 0 in the first.</param>
public sealed record Reading(double At, long Lag, string? Held, long Unsent, long Waiting, IReadOnlyDictionary<string, double> Cores,
    double Generator, double Busy);

/// <summary>Asks the ops API once a second how the pipeline is.</summary>
/// <param name="ops">Its address; empty: nothing is asked.</param>
/// <param name="threads">Whose processor time is read beside it, or null.</param>
internal sealed class OpsReader(string ops, ThreadMeter? threads) : IDisposable
{
    private readonly HttpClient http = OpsClient.Create(TimeSpan.FromSeconds(10));
    private (double At, TimeSpan Used) before = (0, Environment.CpuUsage.TotalTime);

    /// <summary>Asks once, so that a wrong address or key is said before anything is sent.</summary>
    /// <exception cref="CommandException">It does not answer as an ops API does; exit code 2.</exception>
    public async Task CheckAsync(CancellationToken stop)
    {
        if (ops.Length == 0) return;
        try
        {
            using var answer = await http.GetAsync(new Uri($"{ops}/v1/status"), stop);
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
                throw new CommandException($"{ops} asks for its ops API key: put it into STREAMING__Ops__ApiKey (setting Ops:ApiKey).", 2);
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
                throw new CommandException($"{ops} is no ops API of a pipeline: it answered {(int)answer.StatusCode} to /v1/status.", 2);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new CommandException($"The ops API at {ops} does not answer ({e.Message}): is the pipeline running, is the address " +
                "right (--ops)?", 2);
        }
    }

    /// <summary>One reading; null when there is no ops address or it does not answer, which a busy machine makes ordinary.</summary>
    public async Task<Reading?> ReadAsync(double at, CancellationToken stop)
    {
        if (ops.Length == 0) return null;
        try
        {
            using var status = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri($"{ops}/v1/status"), stop));
            var root = status.RootElement;
            var broker = root.GetProperty("broker");
            var (cores, busy) = threads?.Read() ?? (new Dictionary<string, double>(), 0);
            var used = Environment.CpuUsage.TotalTime;
            var generator = (used - before.Used).TotalSeconds / Math.Max(1e-9, at - before.At);
            before = (at, used);
            return new Reading(
                at, broker.GetProperty("lag").GetInt64(), root.GetProperty("commit").GetProperty("held").GetString(),
                broker.GetProperty("unsent").GetInt64(),
                root.GetProperty("clickHouse").GetProperty("waiting").GetInt64(), cores, generator, busy);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
