using System.Text;
using Streaming.LocalClickHouse;
using Streaming.LocalClickHouse.Statements;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>A name given as a text is judged like the name itself.</summary>
[Collection(nameof(ClickHouseCollection))]
public sealed class TextNameTests(ClickHouseFixture fixture)
{
    private static readonly Gate Gate = new(new SettingRules(new ClickHouseOptions { DataDirectory = "x" }));

    [Theory]
    [InlineData("SELECT formatRow('Protobuf', 1)")]
    [InlineData("SELECT formatRow(concat('Proto', 'buf'), 1)")]
    [InlineData("SELECT formatRowNoNewline('ProtobufList', 1)")]
    [InlineData("SELECT formatRow('Template', 1)")]
    [InlineData("SELECT formatRow({p:String}, 1)")]
    [InlineData(@"SELECT formatRow('Proto\x62uf', 1)")]
    [InlineData("SELECT arrayMap(formatRow, ['Protobuf'])")]
    [InlineData("SELECT * APPLY formatRow FROM t")]
    [InlineData("SELECT arrayReduce('flameGraph', [[toUInt64(1)]])")]
    [InlineData("SELECT arrayReduce('flameGraphIf', [1], [1])")]
    [InlineData("SELECT arrayReduce('aggThrow(1.0)', [1])")]
    [InlineData("SELECT arrayReduce(materialize('sum'), [1])")]
    [InlineData("SELECT arrayReduceInRanges('flameGraph', [(1, 2)], [1])")]
    [InlineData("SELECT initializeAggregation('aggThrow', 1.0)")]
    [InlineData("SELECT initializeAggregation('aggThrowOrNull', 1.0)")]
    [InlineData("SELECT CAST('a', concat('AggregateFunction(agg', 'Throw(1.0), UInt8)'))")]
    [InlineData("SELECT CAST('a', 'AggregateFunction(aggThrow(1.0), UInt8)')")]
    [InlineData("SELECT CAST('a', 'AggregateFunction(flameGraphIf, UInt64, UInt8)')")]
    [InlineData("SELECT CAST('a' AS AggregateFunction(flameGraphIf, UInt64, UInt8))")]
    [InlineData("SELECT 'a'::AggregateFunction(flameGraphIf, UInt64, UInt8)")]
    [InlineData("SELECT finalizeAggregation(CAST('a', 'AggregateFunction(flameGraph, UInt64)'))")]
    [InlineData("SELECT * APPLY flameGraphIf FROM t")]
    [InlineData("SELECT * APPLY(flameGraphOrNullIf) FROM t")]
    [InlineData("SELECT d.`AggregateFunction(flameGraph, UInt64)` FROM t")]
    [InlineData("SELECT accurateCastOrNull('a', 'AggregateFunction(aggThrow(1.0), UInt8)')")]
    [InlineData("SELECT accurateCastOrDefault('a', b) FROM t")]
    [InlineData("SELECT accurateCast('a', 'UInt8' || '')")]
    [InlineData("SELECT reinterpret('a', {p:String})")]
    [InlineData("SELECT defaultValueOfTypeName('AggregateFunction(flameGraph, UInt64)')")]
    [InlineData("SELECT JSONExtract('{}', 'a', 'AggregateFunction(flameGraph, UInt64)')")]
    [InlineData("SELECT JSONExtract('{}', 'a', concat('UInt', '8'))")]
    [InlineData("SELECT dynamicElement(a, 'AggregateFunction(flameGraph, UInt64)') FROM t")]
    [InlineData("SELECT getSetting(concat('a', 'b'))")]
    [InlineData("SELECT * FROM values('a AggregateFunction(flameGraphIf, UInt64, UInt8)', '')")]
    [InlineData("SELECT {p:AggregateFunction(flameGraphIf, UInt64, UInt8)}")]
    [InlineData("SELECT convertCharset('a', 'utf-8', '../x')")]
    [InlineData("SELECT estimateCompressionRatio('NONE')(a) FROM t")]
    public void A_refused_or_dynamic_name_in_a_string_literal_is_refused(string sql) => Assert.NotNull(Check(sql));

    [Theory]
    [InlineData("SELECT formatRow('CSV', 1), arrayReduce('sum', [1]), " +
        "arrayReduce('quantiles(0.5, 0.9)', [1]), arrayReduce('maxIf', [1], [1])")]
    [InlineData("SELECT CAST(1, 'Nullable(UInt8)'), CAST(1 AS String), CAST(1, 'Enum8(\\'a\\' = 1)'), accurateCastOrNull(1, 'UInt8')")]
    [InlineData("SELECT initializeAggregation('uniqState', 1), CAST('', 'AggregateFunction(sum, UInt64)'), getSetting('max_threads')")]
    [InlineData("SELECT JSONExtract('{}', 'a', 'Tuple(x Array(UInt8), y String)'), reinterpret(1, 'UInt16'), t.formatRow FROM t")]
    public void A_plain_literal_of_an_allowed_name_passes(string sql) => Assert.Null(Check(sql));

    [Fact]
    public void Every_function_that_takes_a_name_exists_in_the_engine() =>
        Assert.Empty(TextNames.Functions.Except(GateLists.Functions, StringComparer.OrdinalIgnoreCase));

    /// <summary>A refused function that aggregates has more names than the list has.</summary>
    [Fact]
    public async Task Refused_aggregates_are_all_that_the_engine_has()
    {
        var aggregates = (await fixture.Server.QueryAsync("SELECT name FROM system.functions WHERE is_aggregate")).Split('\n');
        Assert.Equal(GateLists.RefusedFunctions.Intersect(aggregates).Order(), GateLists.RefusedAggregates.Order());
    }

    private static QueryError? Check(string sql) => Gate.Check(Statement.Parse(Encoding.UTF8.GetBytes(sql), whole: true), Caller.Owner,
        readOnly: false, [new("p", "UInt8")]);
}
