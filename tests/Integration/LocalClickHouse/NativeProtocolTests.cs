using System.Text;
using Streaming.LocalClickHouse.Blocks;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>Format Native as clients of ClickHouse's own protocol ask for it over HTTP
/// (clickhouse-go, and Grafana's data source with it).</summary>
[Collection(nameof(ClickHouseCollection))]
public sealed class NativeProtocolTests(ClickHouseFixture fixture)
{
    /// <summary>Every kind of column, with rows that are empty, null and long.</summary>
    private static readonly string[] Expressions =
    [
        "number", "toString(number)", "if(number % 3 = 0, NULL, number)", "range(number % 5)", "toLowCardinality(toString(number % 300))",
        "(number, toString(number))",
        "map('k' || toString(number % 7), number)", "toDecimal128(number, 3)", "toFixedString('abc', 5)",
        @"CAST(number % 2, 'Enum8(\'x, y\' = 0, \'(\' = 1)')",
        "toDateTime64(number, 3, 'Europe/Berlin')", "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')",
        "arrayMap(x -> toLowCardinality(toNullable(toString(x))), range(number % 3))",
        "[[number], []]", "CAST((1, 'q'), 'Tuple(`a b` UInt8, c String)')", "CAST(if(number % 5 = 0, NULL, toString(number % 5)), " +
        "'LowCardinality(Nullable(String))')",
        "toIPv6('::1')", "NULL", "(1., 2.)::Point", "true",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(200_000)]
    public async Task Native_blocks_get_BlockInfo_and_are_otherwise_unchanged(int rows)
    {
        var sql = $"SELECT {string.Join(", ", Expressions.Select((e, i) => $"{e} AS {Name(i)}"))} FROM numbers({rows}) FORMAT Native SETTINGS max_threads = 1";
        var plain = await BytesAsync("/", sql);
        var framed = await BytesAsync("/?client_protocol_version=54460", sql);

        var (blocks, without) = Strip(framed);

        Assert.Equal(plain, without);
        Assert.True(blocks >= rows / 100_000);
    }

    [Fact]
    public async Task A_result_without_rows_is_framed_too() =>
        Assert.Equal(await BytesAsync("/", "SELECT 1 AS column_00 WHERE 0 FORMAT Native"),
            Strip(await BytesAsync("/?client_protocol_version=54460", "SELECT 1 AS column_00 WHERE 0 FORMAT Native")).Without);

    [Fact]
    public async Task Other_formats_are_passed_unchanged() =>
        Assert.Equal("1\n", Encoding.ASCII.GetString(await BytesAsync("/?client_protocol_version=54460", "SELECT 1")));

    [Fact]
    public async Task The_greeting_of_clickhouse_go_is_answered()
    {
        var answer = await fixture.Server.QueryAsync("SELECT displayName(), version(), revision(), timezone()");
        Assert.Equal(4, answer.Split('\t').Length);
    }

    [Fact]
    public async Task A_type_without_a_findable_end_is_refused_before_anything_is_sent()
    {
        using var response = await fixture.Server.Http.PostAsync("/?client_protocol_version=54460",
            new StringContent("SELECT sumState(number) FROM numbers(3) FORMAT Native"));
        Assert.Equal("48", response.Headers.GetValues("X-ClickHouse-Exception-Code").Single());
    }

    [Theory]
    [InlineData("Tuple(`a, (` UInt8, b Array(Nullable(String)))", "Tuple(Fixed, Array(Nullable(Text)))")]
    [InlineData("Map(LowCardinality(String), Tuple(UInt8, Decimal(20, 3)))", "Array(Tuple(LowCardinality(Text), Tuple(Fixed, Fixed)))")]
    [InlineData("SimpleAggregateFunction(max, DateTime64(3, 'UTC'))", "Fixed")]
    public void Types_are_read_as_the_engine_names_them(string name, string shape) => Assert.Equal(shape, Describe(NativeType.Parse(name)));

    private static string Describe(NativeType type) =>
        type.Parts.Length == 0 ? type.Shape.ToString() : $"{type.Shape}({string.Join(", ", type.Parts.Select(Describe))})";

    private async Task<byte[]> BytesAsync(string url, string sql)
    {
        using var response = await fixture.Server.Http.PostAsync(url, new StringContent(sql));
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode ? bytes : throw new InvalidOperationException(Encoding.UTF8.GetString(bytes));
    }

    /// <summary>Takes the block infos and the marks of the columns out again; finds
    /// them without knowing how columns are laid out.</summary>
    private static (int Blocks, byte[] Without) Strip(byte[] framed)
    {
        byte[] info = [1, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0];
        var without = new MemoryStream();
        var blocks = 0;
        for (var at = 0; at < framed.Length; blocks++)
        {
            Assert.Equal(info, framed.AsSpan(at, info.Length).ToArray());
            at += info.Length;
            var next = framed.AsSpan(at).IndexOf(info);
            var block = framed.AsSpan(at, next < 0 ? framed.Length - at : next);
            at += block.Length;
            var from = 0;
            foreach (var header in Headers(block))
            {
                without.Write(block[from..header]);
                Assert.Equal(0, block[header]);
                from = header + 1;
            }
            without.Write(block[from..]);
        }
        return (blocks, without.ToArray());
    }

    private static string Name(int column) => $"column_{column:00}";

    /// <summary>Where the names of the columns' types end. The columns' own names occur nowhere else.</summary>
    private static List<int> Headers(ReadOnlySpan<byte> block)
    {
        var ends = new List<int>();
        for (var i = 0; i < Expressions.Length; i++)
        {
            var name = block.IndexOf(Encoding.ASCII.GetBytes(Name(i)));
            if (name >= 0)
            {
                var type = name + Name(i).Length;
                ends.Add(type + 1 + block[type]);
            }
        }
        return ends;
    }
}
