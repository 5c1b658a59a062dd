using System.Globalization;
using Streaming.ClickHouse.Client;
using Streaming.Ops.Hosting;

namespace Streaming.Ops.Live;

/// <summary>Asks ClickHouse for the members by stage, at most every five seconds and one query at a time.</summary>
/// <remarks>While ClickHouse is away the last answer stays, with its time: the page says how old it is.</remarks>
public sealed class StageReader(IOpsHost host, TimeProvider time)
{
    private const long Every = 5_000;
    private const string Query = "SELECT name, sum(members) FROM population WHERE gauge = 'stage' GROUP BY name";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private Task reading = Task.CompletedTask;
    private long askedAt = long.MinValue / 2;

    /// <summary>The last answer, or null before the first.</summary>
    public StageCounts? Latest { get; private set; }

    /// <summary>Begins to ask when it is time to. Called by one thread.</summary>
    public void Refresh()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!reading.IsCompleted || now - askedAt < Every) return;
        askedAt = now;
        reading = ReadAsync(now);
    }

    private async Task ReadAsync(long now)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience, time);
            var rows = await host.ClickHouse.QueryAsync(Query, stop: limit.Token);
            Latest = new StageCounts(now, rows.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(row => row.Split('\t'))
                .ToDictionary(cells => cells[0], cells => long.Parse(cells[1], CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is ClickHouseException or OperationCanceledException)
        {
            return; // not logged: the block sender already reports ClickHouse away, and Latest.At shows the age
        }
    }
}
