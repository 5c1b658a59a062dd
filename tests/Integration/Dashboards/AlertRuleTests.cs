using System.Globalization;
using Streaming.Ops.Dashboards;
using YamlDotNet.Serialization;

namespace Streaming.Integration.Tests.Dashboards;

/// <summary>The alert rules run, lead somewhere and say what to do.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class AlertRuleTests(DashboardFixture fixture)
{
    private static readonly string Path = System.IO.Path.Combine(Files.Folder, "provisioning", "alerting", "rules.yaml");

    private static List<Dictionary<object, object>> Rules()
    {
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(File.ReadAllText(Path));
        var group = (Dictionary<object, object>)((List<object>)file["groups"]).Single();
        return [.. ((List<object>)group["rules"]).Cast<Dictionary<object, object>>()];
    }

    private static Dictionary<object, object> Query(Dictionary<object, object> rule) =>
        (Dictionary<object, object>)((List<object>)rule["data"])[0];

    [Fact]
    public void The_alert_rules_are_the_six_that_are_listed() =>
        Assert.Equal(["Churn spike", "Lag", "Outbox age", "Program failures", "Reject rate", "Stalled checkpoint"],
            Rules().Select(r => (string)r["title"]).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_alert_rule_has_a_description_and_links_to_an_existing_panel()
    {
        foreach (var rule in Rules())
        {
            var annotations = (Dictionary<object, object>)rule["annotations"];
            Assert.Contains(" Do: ", (string)annotations["description"], StringComparison.Ordinal);
            var (uid, id) = ((string)annotations["__dashboardUid__"], int.Parse((string)annotations["__panelId__"],
                CultureInfo.InvariantCulture));
            Assert.Contains(Files.DataPanels, p => p.Dashboard["uid"]!.GetValue<string>() == uid && p.Panel["id"]!.GetValue<int>() == id);
        }
    }

    [Fact]
    public async Task Each_alert_query_gives_one_number_below_its_threshold_on_the_sample()
    {
        foreach (var rule in Rules())
        {
            var model = (Dictionary<object, object>)Query(rule)["model"];
            var range = (Dictionary<object, object>)Query(rule)["relativeTimeRange"];
            var from = fixture.Now - (long.Parse((string)range["from"], CultureInfo.InvariantCulture) * 1000);
            // Grafana reads $NAME in provisioning files from the environment; a doubled one is a plain $.
            var sql = ((string)model["rawSql"]).Replace("$$", "$", StringComparison.Ordinal);
            var query = QueryExpander.Expand(sql, new QueryContext(from, fixture.Now, 60_000,
                new Dictionary<string, IReadOnlyList<string>>()));
            var answer = (await fixture.Client.QueryAsync(query.Sql, query.Parameters)).Trim().Split('\t');
            var value = double.Parse(Assert.Single(answer), CultureInfo.InvariantCulture);
            var limit = Limit(rule);
            Assert.True(value <= limit, $"{rule["title"]} is {value} on the sample, over {limit}");
        }
    }

    [Fact]
    public async Task Each_alert_query_is_below_its_threshold_or_empty_without_data()
    {
        foreach (var rule in Rules())
        {
            var sql = ((string)((Dictionary<object, object>)Query(rule)["model"])["rawSql"]).Replace("$$", "$", StringComparison.Ordinal);
            var query = QueryExpander.Expand(sql,
                new QueryContext(Files.BeforeAll - 86_400_000, Files.BeforeAll, 60_000, new Dictionary<string, IReadOnlyList<string>>()));
            var answer = (await fixture.Client.QueryAsync(query.Sql, query.Parameters)).Trim();
            Assert.True(answer is "" or "\\N" || double.Parse(answer, CultureInfo.InvariantCulture) <= Limit(rule),
                $"{rule["title"]} is {answer}");
        }
    }

    private static double Limit(Dictionary<object, object> rule)
    {
        var threshold = (Dictionary<object, object>)((Dictionary<object, object>)((List<object>)rule["data"])[1])["model"];
        var evaluator = (Dictionary<object, object>)((Dictionary<object, object>)((List<object>)threshold["conditions"])[0])["evaluator"];
        Assert.Equal("gt", evaluator["type"]);
        return double.Parse((string)((List<object>)evaluator["params"])[0], CultureInfo.InvariantCulture);
    }
}
