using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Pipeline.Sinks.ClickHouse;
using Streaming.TestKit.Sinks;

namespace Streaming.Integration.Sinks;

/// <summary>A database of a test's own, migrated, with the view's generation switched to its writer.</summary>
internal sealed class ClickHouseDatabase : IDisposable
{
    private static int count;

    private ClickHouseDatabase(ClickHouseSettings settings)
    {
        Settings = settings;
        Client = new ClickHouseClient(settings);
    }

    public ClickHouseSettings Settings { get; }

    public ClickHouseClient Client { get; }

    public WriterIdentity Writer { get; } = new(1, "w-1");

    public static async Task<ClickHouseDatabase> CreateAsync(Uri url, string name)
    {
        var database = new ClickHouseDatabase(new ClickHouseSettings { Url = url.ToString(), Database = $"t_{name}_{Environment.ProcessId}_{Interlocked.Increment(ref count)}" });
        await database.MigrateAsync();
        await new Generations(database.Client).SwitchAsync(database.Writer);
        return database;
    }

    public Task MigrateAsync() => new Migrator(Client, NullLogger<Migrator>.Instance).RunAsync();

    public async Task<string> Ask(string sql) => (await Client.QueryAsync(sql)).TrimEnd('\n');

    /// <summary>Runs a sender until its outbox is empty.</summary>
    public async Task<BlockSender> DeliverAsync(MemoryOutbox outbox, HttpMessageHandler? handler = null, SenderSettings? settings = null, int timeout = 20_000)
    {
        using var client = new ClickHouseClient(Settings with { Timeout = timeout }, handler);
        var sender = new BlockSender(outbox, client, Writer, settings ?? new SenderSettings { FirstDelay = 1, LongestDelay = 20 }, NullLogger<BlockSender>.Instance);
        using var stop = new CancellationTokenSource();
        var running = sender.RunAsync(stop.Token);
        await Task.WhenAny(outbox.Empty, running).WaitAsync(TimeSpan.FromSeconds(120));
        await stop.CancelAsync();
        await running;
        return sender;
    }

    /// <summary>Every table holds what <see cref="SampleRows.Blocks"/> said, once.</summary>
    public async Task AssertHoldsExactly(int commits)
    {
        var events = commits * SampleRows.EventsPerCommit;
        Assert.Equal($"{events}\t{events / 2 * SampleRows.Amount}", await Ask("SELECT sum(events), toInt64(sum(amount) * 10000) FROM activity"));
        Assert.Equal($"{commits * 4}\t{commits * 4}", await Ask("SELECT count(), uniqExact(member) FROM members"));
        Assert.Equal($"{commits * 4}\t{commits * 40}", await Ask("SELECT sum(entries), sum(points) FROM points"));
        foreach (var table in (string[])["alerts", "rewards", "care_actions", "changes"])
            Assert.Equal($"{commits * 4}", await Ask($"SELECT count() FROM {table}"));
        Assert.Equal($"interest\t{commits * 4}", await Ask("SELECT name, members FROM population WHERE gauge = 'stage'"));
        Assert.Equal($"awareness\tinterest\t{commits * 4}\nnone\tawareness\t{commits * 4}", await Ask("SELECT from_stage, to_stage, sum(members) FROM transitions GROUP BY ALL ORDER BY ALL"));
        Assert.Equal($"{commits * 4}", await Ask("SELECT sum(members) FROM population_changes WHERE gauge = 'tier'"));
        Assert.Equal($"duplicate\t{commits}\nnot-json\t{commits}", await Ask("SELECT reason, sum(records) FROM rejects GROUP BY ALL ORDER BY ALL"));
        Assert.Equal($"day\t{commits * 4}\nmonth\t{commits * 4}\nweek\t{commits * 4}", await Ask("SELECT period, sum(members) FROM retention GROUP BY ALL ORDER BY ALL"));
        Assert.Equal($"{commits}", await Ask("SELECT count() FROM rules"));
        Assert.Equal($"{commits}\t{commits * (commits + 1) / 2}", await Ask("SELECT count(), sum(value) FROM health WHERE metric = 'lag_records'"));
    }

    public void Dispose() => Client.Dispose();
}
