using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

public sealed class DurabilityTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("streaming-clickhouse-").FullName;

    [Fact]
    public async Task Acknowledged_rows_survive_kill_9()
    {
        await using (var first = await EmbeddedClickHouse.StartAsync(data))
        {
            await first.QueryAsync("CREATE TABLE t (id UInt64) ENGINE = MergeTree ORDER BY id");
            for (var i = 0; i < 20; i++)
            {
                await first.QueryAsync($"INSERT INTO t SELECT number FROM numbers({i * 1000}, 1000)");
            }
            await first.KillAsync();
        }

        await using var second = await EmbeddedClickHouse.StartAsync(data);
        Assert.Equal("20000\t20000", await second.QueryAsync("SELECT count(), uniqExact(id) FROM t"));
    }

    /// <summary>In data of before, <c>default</c> was the database in which a path is a
    /// table: it was kept without a definition of its own.</summary>
    [Fact]
    public async Task Tables_of_an_older_data_directory_are_kept_and_a_path_is_no_table()
    {
        await using (var first = await EmbeddedClickHouse.StartAsync(data))
        {
            await first.QueryAsync("CREATE TABLE t (id UInt64) ENGINE = MergeTree ORDER BY id");
            await first.QueryAsync("INSERT INTO t VALUES (1)");
            await first.QueryAsync("CREATE VIEW v AS SELECT id FROM t");
            Assert.Equal(0, await first.StopAsync());
        }
        File.Delete(Path.Combine(data, "metadata", "default.sql"));
        Assert.NotNull(new FileInfo(Path.Combine(data, "metadata", "default")).LinkTarget);

        for (var start = 0; start < 2; start++)
        {
            await using var later = await EmbeddedClickHouse.StartAsync(data);
            Assert.Equal("1", await later.QueryAsync("SELECT id FROM default.v"));
            await Assert.ThrowsAsync<HttpRequestException>(() => later.QueryAsync("SELECT * FROM '/etc/passwd'"));
            Assert.Equal(0, await later.StopAsync());
        }
    }

    [Fact]
    public async Task A_stop_while_a_query_runs_ends_with_exit_code_0()
    {
        await using var server = await EmbeddedClickHouse.StartAsync(data);
        var query = server.Http.GetAsync("/?query=SELECT+count()+FROM+numbers(1000000000000)");
        await Until.TrueAsync(async () => await server.QueryAsync("SELECT count() FROM system.processes") == "2");

        Assert.Equal(0, await server.StopAsync());
        await Assert.ThrowsAnyAsync<Exception>(async () => (await query).EnsureSuccessStatusCode());
    }

    [Fact]
    public async Task A_stop_waits_for_an_insert_whose_client_has_left()
    {
        await using (var first = await EmbeddedClickHouse.StartAsync(data))
        {
            await first.QueryAsync("CREATE TABLE t (id UInt64) ENGINE = MergeTree ORDER BY id");
            using var leaving = new CancellationTokenSource();
            var insert = first.Http.PostAsync("/", new StringContent("INSERT INTO t SELECT number FROM numbers(6) WHERE NOT " +
                "sleepEachRow(0.25)"), leaving.Token);
            await Until.TrueAsync(async () => await first.QueryAsync("SELECT count() FROM system.processes") == "2");
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => insert);
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = await EmbeddedClickHouse.StartAsync(data);
        Assert.Equal("6", await second.QueryAsync("SELECT count() FROM t"));
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_ends_with_code_1_and_one_sentence()
    {
        await using var first = await EmbeddedClickHouse.StartAsync(data);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => EmbeddedClickHouse.StartAsync(data));

        Assert.Contains("another process has it open", error.Message, StringComparison.Ordinal);
        Assert.Contains("code 1", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(data, recursive: true);
}
