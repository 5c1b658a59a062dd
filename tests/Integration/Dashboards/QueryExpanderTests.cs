using FsCheck;
using FsCheck.Fluent;
using Streaming.Ops.Dashboards;

namespace Streaming.Integration.Tests.Dashboards;

/// <summary>Macros as the data source expands them, and values that never become part of the query.</summary>
public sealed class QueryExpanderTests
{
    private const long From = 1_767_225_600_123, To = 1_767_312_000_456;

    private static QueryContext Context(params (string Name, string[] Values)[] variables) =>
        new(From, To, 20_000, variables.ToDictionary(v => v.Name, v => (IReadOnlyList<string>)v.Values));

    [Theory]
    [InlineData("$__timeFilter(t)", "t >= toDateTime(1767225600) AND t <= toDateTime(1767312000)")]
    [InlineData("$__timeFilter_ms(t)", "t >= fromUnixTimestamp64Milli(1767225600123) AND t <= fromUnixTimestamp64Milli(1767312000456)")]
    [InlineData("$__dateFilter(d)", "d >= toDate('2026-01-01') AND d <= toDate('2026-01-02')")]
    [InlineData("$__dateTimeFilter(d, t)", "(d >= toDate('2026-01-01') AND d <= toDate('2026-01-02')) AND (t >= toDateTime(1767225600) " +
        "AND t <= toDateTime(1767312000))")]
    [InlineData("$__fromTime $__toTime", "toDateTime(1767225600) toDateTime(1767312000)")]
    [InlineData("$__fromTime_ms $__toTime_ms", "fromUnixTimestamp64Milli(1767225600123) fromUnixTimestamp64Milli(1767312000456)")]
    [InlineData("${__from} $__to", "1767225600123 1767312000456")]
    [InlineData("$__interval_s $__interval_ms", "20 20000")]
    [InlineData("$__timeInterval(f(a, b))", "toStartOfInterval(toDateTime(f(a, b)), INTERVAL 20 second)")]
    [InlineData("$__timeInterval_ms(t)", "toStartOfInterval(toDateTime64(t, 3), INTERVAL 20000 millisecond)")]
    [InlineData("$__timeFilter(toStartOfMinute(at))", "toStartOfMinute(at) >= toDateTime(1767225600) AND toStartOfMinute(at) <= " +
        "toDateTime(1767312000)")]
    public void Macros_expand_as_the_data_source_expands_them(string sql, string expected) =>
        Assert.Equal(expected, QueryExpander.Expand(sql, Context()).Sql);

    [Theory]
    [InlineData("$__all")]
    [InlineData("")]
    public void A_condition_on_all_is_always_true(string all) =>
        Assert.Equal("1=1 AND x", QueryExpander.Expand("$__conditionalAll(stage IN (${stage:singlequote}), $stage) AND x",
            Context(("stage", [all]))).Sql);

    [Fact]
    public void Variable_values_become_query_parameters()
    {
        var query = QueryExpander.Expand("$__conditionalAll(splitByChar('/', cause)[1] IN (${stage:singlequote}), ${stage})",
            Context(("stage", ["a", "b'c"])));
        Assert.Equal("splitByChar('/', cause)[1] IN ({stage_0:String},{stage_1:String})", query.Sql);
        Assert.Equal("a", query.Parameters["stage_0"]);
        Assert.Equal("b'c", query.Parameters["stage_1"]);
    }

    [Fact]
    public void The_text_of_a_query_does_not_depend_on_the_values_chosen() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), chosen =>
        {
            var value = chosen.Get;
            if (value is "" or DashboardVariable.All) return true;
            var query = QueryExpander.Expand("x IN (${v:singlequote}) AND $__conditionalAll(y = ${v:singlequote}, $v)",
                Context(("v", [value])));
            return query.Sql == "x IN ({v_0:String}) AND y = {v_0:String}" && query.Parameters["v_0"] == value;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_value_formatted_as_csv_is_a_number_or_refused() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), chosen =>
        {
            try
            {
                var sql = QueryExpander.Expand("LIMIT ${n:csv}", Context(("n", [chosen.Get]))).Sql["LIMIT ".Length..];
                return sql.All(c => char.IsAsciiDigit(c) || c is '-' or '.');
            }
            catch (QueryRequestException)
            {
                return true;
            }
            catch (QueryTemplateException)
            {
                return chosen.Get == DashboardVariable.All;
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("$__nothing(x)")]
    [InlineData("$unknown")]
    [InlineData("'$stage'")]
    [InlineData("'open")]
    [InlineData("${stage:raw}")]
    [InlineData("${stage")]
    [InlineData("$__timeFilter")]
    [InlineData("$__timeFilter(a, b)")]
    [InlineData("$__timeFilter(a")]
    [InlineData("stage = $all")]
    public void A_wrong_query_template_is_refused(string sql) =>
        Assert.Throws<QueryTemplateException>(() => QueryExpander.Expand(sql, Context(("stage", ["a"]), ("all", [DashboardVariable.All]))));
}
