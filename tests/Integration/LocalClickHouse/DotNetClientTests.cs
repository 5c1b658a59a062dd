using System.Data.Common;
using System.Globalization;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;
using ClickHouse.Driver.Utility;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>ClickHouse.Driver, the usual .NET client, works against the embedded engine as
/// against a server; with its compression and without.</summary>
[Collection(nameof(ClickHouseCollection))]
public sealed class DotNetClientTests(ClickHouseFixture fixture)
{
    private static readonly string[] Columns = ["id", "name", "amount", "at", "why", "note"];
    private static int tables;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Parameters_of_many_types_come_back_as_they_were_given(bool compression)
    {
        await using var connection = Open(compression);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT {text:String}, {number:Int64}, {list:Array(Int32)}, {money:Decimal(18, 4)}, {time:DateTime64(3, " +
            "'UTC')}, {none:Nullable(String)}";
        command.AddParameter("text", "a 'quoted' \\ text\twith\nlines, 中文 and {braces}");
        command.AddParameter("number", long.MinValue);
        command.AddParameter("list", new[] { 1, -2, 3 });
        command.AddParameter("money", 12.3456m);
        command.AddParameter("time", new DateTime(2026, 11, 22, 1, 2, 3, 456, DateTimeKind.Utc));
        command.AddParameter("none", null!);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal("a 'quoted' \\ text\twith\nlines, 中文 and {braces}", reader.GetString(0));
        Assert.Equal(long.MinValue, reader.GetInt64(1));
        Assert.Equal(new[] { 1, -2, 3 }, reader.GetValue(2));
        Assert.Equal(12.3456m, Convert.ToDecimal(reader.GetValue(3), CultureInfo.InvariantCulture));
        Assert.Equal(new DateTime(2026, 11, 22, 1, 2, 3, 456, DateTimeKind.Utc), reader.GetDateTime(4));
        Assert.True(await reader.IsDBNullAsync(5));
        Assert.False(await reader.ReadAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_insert_in_several_batches_is_there_row_by_row(bool compression)
    {
        const int Rows = 25_000;
        await using var connection = Open(compression);
        var table = await MakeAsync(connection, "id UInt64, name LowCardinality(String), amount Decimal(38, 4), at DateTime64(3, 'UTC'), " +
            "why Map(String, Float64), note Nullable(String)");
        using var client = Client(compression);
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var written = await client.InsertBinaryAsync(table, Columns, Enumerable.Range(0, Rows).Select(i => new object[]
        {
            (ulong)i, $"name-{i % 7}", i + 0.25m, start.AddMilliseconds(i), new Dictionary<string, double> { ["p"] = i / 2.0 }, i % 2 == 0
            ? null! : "é\t\\",
        }), new InsertOptions { BatchSize = 10_000, MaxDegreeOfParallelism = 2 });
        Assert.Equal(Rows, written);
        Assert.Equal(
            $"{Rows}\t{Rows}\t7\t{((long)Rows * (Rows - 1) / 2) + (Rows / 4)}\t{Rows / 2}\t{(long)Rows * (Rows - 1) / 4}\t{Rows / 2}",
            await TextAsync(connection, $"SELECT concatWithSeparator('\t', toString(count()), toString(uniqExact(id)), " +
                $"toString(uniqExact(name)), toString(toInt64(sum(amount))), toString(countIf(note = 'é\\t\\\\')), " +
                $"toString(toInt64(sum(why['p']))), toString(countIf(note IS NULL))) FROM {table}"));
        Assert.Equal("2026-01-01 00:00:24.999", await TextAsync(connection, $"SELECT toString(max(at)) FROM {table}"));
    }

    [Fact]
    public async Task Types_that_the_dashboards_tables_use_are_read_as_what_they_are()
    {
        await using var connection = Open(compression: true);
        await using var reader = (DbDataReader)await connection.ExecuteReaderAsync(
            "SELECT toFixedString('abcd', 4), toLowCardinality('word'), map('a', 1.5), toUInt8(7), toDateTime('2026-11-22 01:02:03', " +
                "'UTC'), [toLowCardinality('x'), 'y'], CAST(-1.5 AS Float64), tuple(1, 'b')");
        Assert.True(await reader.ReadAsync());
        Assert.Equal("word", reader.GetValue(1));
        Assert.Equal(1.5, ((Dictionary<string, double>)reader.GetValue(2))["a"]);
        Assert.Equal((byte)7, reader.GetValue(3));
        Assert.Equal(new DateTime(2026, 11, 22, 1, 2, 3), reader.GetDateTime(4));
        Assert.Equal(new[] { "x", "y" }, reader.GetValue(5));
        Assert.Equal(-1.5, reader.GetDouble(6));
    }

    [Theory]
    [InlineData("SELECT 1 FROM nowhere", 60)]
    [InlineData("SELEC 1", 62)]
    [InlineData("SELECT nope", 47)]
    public async Task An_error_is_a_ClickHouseServerException_with_the_servers_code(string sql, int code)
    {
        await using var connection = Open(compression: true);
        var refused = await Assert.ThrowsAsync<ClickHouseServerException>(() => connection.ExecuteScalarAsync(sql));
        Assert.Equal(code, refused.ErrorCode);
        Assert.Contains("DB::Exception", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_do_not_fit_the_table_are_refused_and_none_is_there()
    {
        await using var connection = Open(compression: true);
        var table = await MakeAsync(connection, "id UInt64, CONSTRAINT small CHECK id < 10");
        using var client = Client(compression: true);
        var refused = await Assert.ThrowsAsync<ClickHouseServerException>(() =>
            client.InsertBinaryAsync(table, ["id"], Enumerable.Range(5, 10).Select(i => new object[] { (ulong)i })));
        Assert.Equal(469, refused.ErrorCode);
        Assert.Equal("0", await TextAsync(connection, $"SELECT toString(count()) FROM {table}"));
    }

    [Fact]
    public async Task Parallel_connections_get_their_own_answers()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            await using var connection = Open(compression: i % 2 == 0);
            return await TextAsync(connection, $"SELECT toString(sum(number + {i})) FROM numbers(100000)");
        }));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (4_999_950_000L + (i * 100_000L)).ToString(CultureInfo.InvariantCulture)), answers);
    }

    private ClickHouseConnection Open(bool compression) => new(Address(compression));

    private ClickHouseClient Client(bool compression) => new(Address(compression));

    private string Address(bool compression) =>
        $"Host={fixture.Server.Url.Host};Port={fixture.Server.Url.Port};Database=default;Username=default;" +
        $"Password={EmbeddedClickHouse.Password};Compression={compression}";

    private static async Task<string> MakeAsync(ClickHouseConnection connection, string columns)
    {
        var table = $"dotnet_client_{Interlocked.Increment(ref tables)}";
        await connection.ExecuteStatementAsync($"CREATE TABLE {table} ({columns}) ENGINE = MergeTree ORDER BY id");
        return table;
    }

    private static async Task<string> TextAsync(ClickHouseConnection connection, string sql) =>
        (string)await connection.ExecuteScalarAsync(sql);
}
