using System.Globalization;
using Streaming.ClickHouse.Client;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>The events and rejects that ClickHouse has gained since the run began.</summary>
internal sealed class Aggregates : IDisposable
{
    private const int UnknownTable = 60, UnknownDatabase = 81, MostTries = 120;
    private readonly ClickHouseClient client;
    private Dictionary<string, long> before = new(StringComparer.Ordinal);

    private Aggregates(ClickHouseClient client) => this.client = client;

    /// <summary>Remembers what is there before the run; waits a while for a pipeline that has just started to make its tables.</summary>
    /// <exception cref="ClickHouseException">It is not reached, or no pipeline has made its tables.</exception>
    public static async Task<Aggregates> OpenAsync(ClickHouseSettings settings, CancellationToken stop)
    {
        var opened = new Aggregates(new ClickHouseClient(settings));
        for (var tries = 0; ; tries++)
        {
            try
            {
                opened.before = await opened.ReadAsync(stop);
                return opened;
            }
            catch (ClickHouseException e) when (e.Code is UnknownTable or UnknownDatabase && tries < MostTries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
            }
        }
    }

    /// <summary>Events by <c>event:kind</c> and rejects by <c>reject:reason</c>, since the run began.</summary>
    public async Task<Dictionary<string, long>> SinceAsync(CancellationToken stop)
    {
        var now = await ReadAsync(stop);
        return now.ToDictionary(p => p.Key, p => p.Value - before.GetValueOrDefault(p.Key), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <summary>Where the difference is not what was sent; empty when all has landed, exactly.</summary>
    public static IReadOnlyList<string> Differences(Expected expected, Dictionary<string, long> found)
    {
        var wanted = expected.ByKind.ToDictionary(k => "event:" + k.Key, k => k.Value, StringComparer.Ordinal);
        wanted["reject:duplicate"] = expected.Duplicates;
        wanted["reject:not-json"] = expected.Malformed;
        // a like may cause a signal (kind "appreciated") to the author of the post; the run did not send that event
        var names = wanted.Keys.Union(found.Keys, StringComparer.Ordinal).Where(n => n != "event:appreciated")
            .Order(StringComparer.Ordinal);
        return [.. names.Where(n => wanted.GetValueOrDefault(n) != found.GetValueOrDefault(n))
            .Select(n => FormattableString.Invariant($"{n}: sent {wanted.GetValueOrDefault(n)}, found {found.GetValueOrDefault(n)}"))];
    }

    private async Task<Dictionary<string, long>> ReadAsync(CancellationToken stop)
    {
        var text = await client.QueryAsync(
            "SELECT 'event:' || kind, sum(events) FROM activity GROUP BY kind UNION ALL SELECT 'reject:' || reason, sum(records) FROM " +
                "rejects GROUP BY reason", stop: stop);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .ToDictionary(cells => cells[0], cells => long.Parse(cells[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
