using Microsoft.Extensions.Logging.Abstractions;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Migrating;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Storing;

namespace Streaming.TestKit.Sinks;

/// <summary>A database of a test's own, migrated, with the view's generation switched to its writer.</summary>
public sealed class ClickHouseDatabase : IDisposable
{
    private static readonly SenderSettings ShortDelays =
        new() { FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(20) };

    private static int count;

    private ClickHouseDatabase(ClickHouseSettings settings, HttpMessageHandler? handler)
    {
        Settings = settings;
        Client = new ClickHouseClient(settings, handler);
    }

    /// <summary>How it is reached.</summary>
    public ClickHouseSettings Settings { get; }

    /// <summary>A client of it.</summary>
    public ClickHouseClient Client { get; }

    /// <summary>The writer whose generation its views read.</summary>
    public WriterIdentity Writer { get; } = new(1, "w-1");

    /// <summary>Makes and migrates one.</summary>
    /// <param name="url">The server.</param>
    /// <param name="name">Part of the database's name.</param>
    /// <param name="handler">How requests of <see cref="Client"/> travel, when not plainly.</param>
    public static async Task<ClickHouseDatabase> CreateAsync(Uri url, string name, HttpMessageHandler? handler = null)
    {
        var database = new ClickHouseDatabase(new ClickHouseSettings { Url = url.ToString(), User = "default",
            Password = EmbeddedClickHouse.Password, Database = $"t_{name}_{Environment.ProcessId}_{Interlocked.Increment(ref count)}" },
            handler);
        await database.MigrateAsync();
        await new Generations(database.Client).SwitchAsync(database.Writer);
        return database;
    }

    /// <summary>Migrates it (again).</summary>
    public Task MigrateAsync() => new Migrator(Client, NullLogger<Migrator>.Instance).RunAsync();

    /// <summary>A query's answer, tab-separated, without the last line end.</summary>
    public async Task<string> Ask(string sql) => (await Client.QueryAsync(sql)).TrimEnd('\n');

    /// <summary>Runs a sender until its outbox is empty.</summary>
    public async Task<BlockSender> DeliverAsync(MemoryOutbox outbox, HttpMessageHandler? handler = null, SenderSettings? settings = null,
        TimeSpan? timeout = null)
    {
        using var client = new ClickHouseClient(Settings with { Timeout = timeout ?? TimeSpan.FromSeconds(20) }, handler);
        var sender = new BlockSender(outbox, client, Writer, settings ?? ShortDelays,
            NullLogger<BlockSender>.Instance);
        using var stop = new CancellationTokenSource();
        var running = sender.RunAsync(stop.Token);
        await Task.WhenAny(outbox.Empty, running).WaitAsync(TimeSpan.FromMinutes(5));
        await stop.CancelAsync();
        await running;
        return sender;
    }

    /// <summary>Where tables hold anything but what <see cref="SampleRows.Blocks"/> said,
    /// once: query, wanted and found. Empty when all is exact.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(int commits)
    {
        int members = commits * 4, events = commits * SampleRows.EventsPerCommit;
        var differences = new List<string>();
        await Check("SELECT sum(events), toInt64(sum(amount) * 10000) FROM activity", $"{events}\t{events / 2 * SampleRows.Amount}");
        await Check("SELECT count(), uniqExact(member) FROM members", $"{members}\t{members}");
        await Check("SELECT sum(entries), sum(points) FROM points", $"{members}\t{members * 10}");
        foreach (var table in (string[])["alerts", "rewards", "care_actions", "changes"])
        {
            await Check($"SELECT count() FROM {table}", $"{members}");
        }
        await Check("SELECT name, members FROM population WHERE gauge = 'stage'", $"interest\t{members}");
        await Check("SELECT from_stage, to_stage, sum(members) FROM transitions GROUP BY ALL ORDER BY ALL",
            $"awareness\tinterest\t{members}\nnone\tawareness\t{members}");
        await Check("SELECT sum(members) FROM population_changes WHERE gauge = 'tier'", $"{members}");
        await Check("SELECT reason, sum(records) FROM rejects GROUP BY ALL ORDER BY ALL", $"duplicate\t{commits}\nnot-json\t{commits}");
        await Check("SELECT period, sum(members) FROM retention GROUP BY ALL ORDER BY ALL",
            $"day\t{members}\nmonth\t{members}\nweek\t{members}");
        await Check("SELECT count() FROM rules", $"{commits}");
        await Check("SELECT count(), sum(value) FROM health WHERE metric = 'lag_records'", $"{commits}\t{commits * (commits + 1) / 2}");
        return differences;

        async Task Check(string sql, string wanted)
        {
            var found = await Ask(sql);
            if (found != wanted) differences.Add($"{sql}: wanted {wanted}, found {found}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();
}
