using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Storing;
using Streaming.Integration.Tests.LocalClickHouse;
using Streaming.TestKit.Sinks;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.ClickHouse;

[Collection(nameof(ClickHouseCollection))]
public sealed class DeliveryTests(ClickHouseFixture engine)
{
    [Fact]
    public async Task Every_table_takes_its_blocks_and_the_views_show_the_sums()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "all");
        var blocks = SampleRows.Blocks(database.Writer, 3, SampleRows.Now);
        Assert.Equal(BlockBuilder.TableNames.Order(), blocks.Select(b => b.Table).Distinct().Order());
        var sender = await database.DeliverAsync(new MemoryOutbox(blocks));

        Assert.Empty(await database.DifferencesAsync(3));
        Assert.Equal(blocks.Sum(b => b.Rows), sender.State.DeliveredRows);
        Assert.Null(sender.State.FailingSince);
        Assert.Equal("silence/é\\t\\\\\t{'p':0.25}", await database.Ask("SELECT cause, why FROM alerts LIMIT 1"));
        Assert.Equal("2026-01-05 00:01:00\tpurchases\tpaid\tnone\tnone\tEUR\t10\t123.456",
            await database.Ask("SELECT minute, topic, kind, stage, tier, currency, events, amount FROM activity WHERE kind = 'paid' " +
                "ORDER BY minute LIMIT 1"));
    }

    [Fact]
    public async Task One_block_becomes_one_part()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "parts");
        await database.Ask("SYSTEM STOP MERGES alerts_rows");
        await database.DeliverAsync(new MemoryOutbox(SampleRows.Blocks(database.Writer, 4, SampleRows.Now)));
        Assert.Equal("4", await database.Ask("SELECT count() FROM system.parts WHERE active AND database = currentDatabase() AND table = " +
            "'alerts_rows'"));
    }

    [Fact]
    public async Task A_large_block_is_one_part_too()
    {
        const int rows = 300_000;
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "large");
        var block = SampleRows.LargeBlock(database.Writer, rows);
        Assert.Equal(rows, block.Rows);
        await database.Ask("SYSTEM STOP MERGES activity_rows");
        await database.Client.InsertAsync(block.Table, block.Bytes, "large");
        Assert.Equal($"1\t{rows}", await database.Ask("SELECT count(), sum(rows) FROM system.parts WHERE active AND database = " +
            "currentDatabase() AND table = 'activity_rows'"));
        Assert.Equal($"{rows}", await database.Ask("SELECT sum(events) FROM activity"));
    }

    [Fact]
    public async Task A_block_can_be_inserted_with_gzip()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "gzip");
        var block = SampleRows.Blocks(database.Writer, 1, SampleRows.Now).Single(b => b.Table == "rewards_rows");
        using var client = new ClickHouseClient(database.Settings with { Gzip = true });
        await client.InsertAsync(block.Table, block.Bytes, "gzip");
        Assert.Equal("4", await database.Ask("SELECT count() FROM rewards"));
    }

    [Fact]
    public async Task Every_row_lands_once_over_a_faulty_network()
    {
        const int commits = 8;
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "flaky");
        using var flaky = new FlakyHandler();
        var sender = await database.DeliverAsync(new MemoryOutbox(SampleRows.Blocks(database.Writer, commits, SampleRows.Now)), flaky);
        Assert.True(flaky.Faults > 20, $"only {flaky.Faults} faults");
        Assert.Empty(await database.DifferencesAsync(commits));
        Assert.NotNull(sender.State.LastError);
        Assert.Null(sender.State.FailingSince);
    }

    [Fact]
    public async Task An_insert_that_outlives_its_client_is_not_sent_again()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "slow");
        await database.Ask("ALTER TABLE health_rows ADD CONSTRAINT slow CHECK sleepEachRow(3) = 0");
        var block = SampleRows.Blocks(database.Writer, 1, SampleRows.Now).Where(b => b.Table == "health_rows");
        var sender = await database.DeliverAsync(new MemoryOutbox(block), timeout: TimeSpan.FromSeconds(1));
        Assert.Contains("still working on block 1", sender.State.LastError, StringComparison.Ordinal);
        Assert.Equal("1", await database.Ask("SELECT count() FROM health"));
    }

    [Fact]
    public async Task A_process_without_memory_of_landed_blocks_sends_none_twice()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "again");
        var blocks = SampleRows.Blocks(database.Writer, 5, SampleRows.Now);
        await database.DeliverAsync(new MemoryOutbox(blocks.Where(b => b.Number <= 3)));
        await database.DeliverAsync(new MemoryOutbox(blocks));
        Assert.Empty(await database.DifferencesAsync(5));
    }

    [Fact]
    public async Task A_block_refused_for_good_is_parked_and_later_blocks_land()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "park");
        var blocks = SampleRows.Blocks(database.Writer, 3, SampleRows.Now);
        var broken = blocks.FindIndex(b => b.Table == "health_rows" && b.Number == 2);
        var whole = blocks[broken];
        blocks[broken] = whole with { Bytes = whole.Bytes[..^3] };
        var outbox = new MemoryOutbox(blocks);
        var soon = TimeSpan.FromMilliseconds(1);
        var sender = await database.DeliverAsync(
            outbox, settings: new SenderSettings { FirstDelay = soon, LongestDelay = soon, ParkAfter = 3 });

        var parked = Assert.Single(outbox.Parked);
        Assert.Equal(("health_rows", 2), (parked.Block.Table, parked.Block.Number));
        Assert.Contains("answered", parked.Reason, StringComparison.Ordinal);
        Assert.Equal(1, sender.State.ParkedBlocks);
        Assert.Equal("1\n3", await database.Ask("SELECT value FROM health ORDER BY value"));
    }

    [Fact]
    public async Task Block_numbers_of_another_writer_or_generation_are_ignored()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "writers");
        foreach (var other in new[] { new WriterIdentity(1, "w-2"), new WriterIdentity(2, "w-1") })
        {
            foreach (var block in SampleRows.Blocks(other, 9, SampleRows.Now))
            {
                await database.Client.InsertAsync(block.Table, block.Bytes, "other");
            }
        }

        await database.DeliverAsync(new MemoryOutbox(SampleRows.Blocks(database.Writer, 2, SampleRows.Now)));
        Assert.Equal("w-1\t2\nw-2\t9", await database.Ask("SELECT writer, count() FROM health GROUP BY writer ORDER BY writer"));
    }

    [Fact]
    public async Task Merged_parts_keep_the_highest_number_and_the_sums()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "merged");
        await database.DeliverAsync(new MemoryOutbox(SampleRows.Blocks(database.Writer, 6, SampleRows.Now)));
        foreach (var table in BlockBuilder.TableNames)
        {
            await database.Ask($"OPTIMIZE TABLE {table} FINAL");
            Assert.Equal("6", await database.Ask($"SELECT max(seq) FROM {table} WHERE writer = 'w-1'"));
        }

        Assert.Empty(await database.DifferencesAsync(6));
    }

    [Fact]
    public async Task Population_history_gives_the_populations_at_earlier_times()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "history");
        var (blocks, stages) = SampleRows.Moves(database.Writer, minutes: 30, members: 12);
        await database.DeliverAsync(new MemoryOutbox(blocks));
        foreach (var step in (int[])[1, 7])
        {
            var wanted = Enumerable.Range(0, 30 / step).SelectMany(i => stages[i * step].Where(s => s.Value > 0)
                .Select(s => $"{i * step}\t{s.Key}\t{s.Value}"));
            var found = await database.Ask(
                $"SELECT dateDiff('minute', toDateTime('2026-01-05 00:00:00', 'UTC'), time) AS minute, name, members FROM " +
                    $"population_history(of = 'stage', since = '2026-01-05 00:00:00', "
                + $"until = '2026-01-05 00:{30 - step:00}:00', step = {step * 60}) WHERE minute < {30 / step * step} ORDER BY minute, name");
            Assert.Equal(string.Join('\n', wanted), found);
        }
    }
}
