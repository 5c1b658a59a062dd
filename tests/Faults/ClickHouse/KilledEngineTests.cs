using Streaming.TestKit;
using Streaming.TestKit.Sinks;

namespace Streaming.Faults.ClickHouse;

public sealed class KilledEngineTests
{
    /// <summary>An engine killed by SIGKILL in the middle of inserts, again and again, and started on the same data each time.</summary>
    [Fact]
    public async Task Every_row_is_in_ClickHouse_once_after_kills_in_the_middle_of_inserts()
    {
        const int commits = 12;
        using var data = new TemporaryDirectory();
        await using var engine = new KilledEngine(data.Path, killEvery: 20);
        await engine.StartAsync();
        using var database = await ClickHouseDatabase.CreateAsync(engine.Url, "killed", engine.Handler());

        var blocks = SampleRows.Blocks(database.Writer, commits, SampleRows.Now);
        var sender = await database.DeliverAsync(new MemoryOutbox(blocks), engine.Handler());

        Assert.Empty(await database.DifferencesAsync(commits));
        Assert.Equal(blocks.Sum(b => b.Rows), sender.State.DeliveredRows);
        Assert.True(engine.Kills >= 5, $"only {engine.Kills} kills");
    }
}
