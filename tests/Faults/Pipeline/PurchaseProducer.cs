using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;

namespace Streaming.Faults.Pipeline;

/// <summary>
/// Members who buy for 10.00 each time, and a client that sends their purchases as a careful one does: what is not acknowledged is sent
/// again, under the same id. Ten points for each purchase.
/// </summary>
internal sealed class PurchaseProducer(int members, int purchasesEach)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string at = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    private readonly ConcurrentDictionary<string, bool> acknowledged = new(StringComparer.Ordinal);
    private int marks;

    /// <summary>All purchases there are.</summary>
    public int Events => members * purchasesEach;

    /// <summary>Sends the purchases of these rounds (each member once per round), those already acknowledged left out.</summary>
    /// <param name="kafka">host:port.</param>
    /// <param name="from">First round.</param>
    /// <param name="until">The round to stop before.</param>
    /// <param name="progress">Told after each acknowledgement how many there are.</param>
    /// <returns>False when the broker went away in between.</returns>
    public async Task<bool> SendAsync(string kafka, int from, int until, Action<int>? progress = null)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka, Acks = Acks.All,
            MessageTimeoutMs = 20_000, LingerMs = 1 })
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        var complete = true;
        for (var round = from; round < until; round++)
        {
            var sending = new List<Task>();
            for (var m = 0; m < members; m++) sending.Add(SendAsync(producer, m, round));
            try
            {
                await Task.WhenAll(sending).WaitAsync(Patience);
            }
            catch (ProduceException<string, string>)
            {
                complete = false;
            }

            progress?.Invoke(acknowledged.Count);
            if (!complete) break;
        }

        return complete;
    }

    /// <summary>The log is gone: as a client that is not sure whether anything arrived, it will send everything again.</summary>
    public void ForgetAcknowledgements() => acknowledged.Clear();

    /// <summary>Sends one purchase in another currency, so that its arrival can be told.</summary>
    private static async Task SendMarkAsync(string kafka, string name)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka, Acks = Acks.All })
            .SetLogHandler((_, _) => { }).Build();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await producer.ProduceAsync("purchases", new Message<string, string>
        {
            Key = name,
            Value = $$"""{"id":"{{name}}","member":"{{name}}","at":{{now}},"kind":"paid","order":"{{name}}","amount":"500","currency":"JPY"}""",
        }).WaitAsync(Patience);
    }

    /// <summary>Waits until every member has the points of its purchases up to this round.</summary>
    public Task HavePointsAsync(RunningPipeline pipeline, int rounds) => pipeline.UntilAsync(async () =>
    {
        for (var m = 0; m < members; m++)
        {
            if (await pipeline.PointsAsync(Name(m)) < rounds * 10L) return false;
        }

        return true;
    });

    /// <summary>
    /// Waits until all has landed in ClickHouse, then says what each purchase counted for: exactly once each in points and in sums.
    /// </summary>
    public async Task CountedOnceAsync(RunningPipeline pipeline, int rounds)
    {
        await HavePointsAsync(pipeline, rounds);
        for (var m = 0; m < members; m++) Assert.Equal(rounds * 10L, await pipeline.PointsAsync(Name(m)));

        // Each table's blocks land in order: once the mark's rows are there, so is every row before them.
        marks++;
        await SendMarkAsync(pipeline.Kafka, $"mark-{Guid.NewGuid():N}");
        await pipeline.UntilAsync(async () => await pipeline.AskAsync(LandedMarks) == $"{marks}\t{marks}");
        var wanted = $"{members * rounds}\t{members * rounds * 10}";
        Assert.Equal(wanted, await pipeline.AskAsync("SELECT sum(events), toInt64(sum(amount)) FROM activity WHERE currency = 'EUR'"));
        Assert.Equal(wanted, await pipeline.AskAsync("SELECT sum(entries), sum(points) FROM points WHERE rule = 'points.purchase'"));
    }

    private const string LandedMarks =
        "SELECT (SELECT sum(events) FROM activity WHERE currency = 'JPY'), (SELECT sum(entries) FROM points WHERE rule = " +
            "'points.purchase-jpy')";

    private static string Name(int member) => $"shopper-{member}";

    private async Task SendAsync(IProducer<string, string> producer, int member, int round)
    {
        var id = $"{member}-{round}";
        if (acknowledged.ContainsKey(id)) return;
        await producer.ProduceAsync("purchases", new Message<string, string>
        {
            Key = Name(member),
            Value = $$"""{"id":"{{id}}","member":"{{Name(member)}}","at":"{{at}}","kind":"paid","order":"{{id}}","amount":"10.00","currency":"EUR"}""",
        });
        acknowledged[id] = true;
    }
}
