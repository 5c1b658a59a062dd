using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Streaming.Members.Amounts;

namespace Streaming.Integration.Tests.Dashboards;

/// <summary>What holds for every dashboard file, whoever wrote the panel.</summary>
public sealed partial class DashboardFileTests
{
    // Okabe and Ito's colours, which people with any kind of colour vision tell apart, and a grey.
    private static readonly string[] Palette = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999"];

    // What dashboards read. Effects (alerts, rewards, care actions, changes) are counted over projections or looked at a page at a time.
    private static readonly string[] Aggregates =
        ["activity", "points", "transitions", "rejects", "retention", "population", "population_history", "score_distribution", "outlook",
            "rules", "health", "members"];

    private static readonly string[] Effects = ["alerts", "rewards", "care_actions", "changes"];

    [Fact]
    public void The_dashboards_are_the_seven_that_are_listed() =>
        Assert.Equal(["care", "churn", "engagement", "member", "overview", "pipeline", "rewards"],
            Files.All.Select(f => Path.GetFileNameWithoutExtension(f.Name)));

    [Fact]
    public void Uids_and_panel_ids_are_unique()
    {
        Assert.Distinct(Files.All.Select(f => f.Root["uid"]!.GetValue<string>()));
        foreach (var (_, root) in Files.All) Assert.Distinct(root["panels"]!.AsArray().Select(p => p!["id"]!.GetValue<int>()));
    }

    [Fact]
    public void Money_by_currency_is_shown_with_the_decimals_of_each()
    {
        var panels = Files.Panels.Where(p => Sql(p.Panel).Contains("sum(amount)", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(panels);
        foreach (var (root, panel) in panels)
        {
            Assert.Contains(" currency", Sql(panel), StringComparison.Ordinal);
            Assert.Equal(2, panel["fieldConfig"]!["defaults"]!["decimals"]!.GetValue<int>());
            for (var code = 0; code < 26 * 26 * 26; code++)
            {
                var name = string.Concat((char)('A' + (code / 676)), (char)('A' + (code / 26 % 26)), (char)('A' + (code % 26)));
                var shown = panel["fieldConfig"]!["overrides"]!.AsArray()
                    .Where(o => Regex.IsMatch(name, o!["matcher"]!["options"]!.GetValue<string>().Trim('/')))
                    .Select(o => o!["properties"]![0]!["value"]!.GetValue<int>()).LastOrDefault(2);
                Assert.True(shown == Currencies.Decimals(Currencies.Code(name)),
                    $"{Files.Name(root, panel)} shows {name} with {shown} decimals");
            }
        }

        static string Sql(JsonNode panel) =>
            string.Join(' ', panel["targets"]?.AsArray().Select(t => t!["rawSql"]?.GetValue<string>()) ?? []);
    }

    [Fact]
    public void Panels_do_not_overlap_and_stay_within_24_columns()
    {
        foreach (var (_, root) in Files.All)
        {
            var taken = new HashSet<(int, int)>();
            foreach (var panel in root["panels"]!.AsArray())
            {
                int At(string name) => panel!["gridPos"]![name]!.GetValue<int>();
                for (var x = At("x"); x < At("x") + At("w"); x++)
                {
                    for (var y = At("y"); y < At("y") + At("h"); y++)
                    {
                        Assert.True(x is >= 0 and < 24 && taken.Add((x, y)), $"{Files.Name(root, panel!)} lies over another panel or " +
                            $"outside the grid at {x},{y}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Titles_are_in_both_languages()
    {
        foreach (var (_, root) in Files.All) Assert.Matches(Bilingual(), root["title"]!.GetValue<string>());
        foreach (var (root, panel) in Files.Panels)
        {
            Assert.True(Bilingual().IsMatch(panel["title"]!.GetValue<string>()),
                $"{Files.Name(root, panel)} has no title in both languages");
        }
    }

    [Fact]
    public void Every_panel_says_in_both_languages_what_it_shows_and_which_variables_change_it()
    {
        foreach (var (root, panel) in Files.DataPanels)
        {
            var text = panel["description"]?.GetValue<string>() ?? "";
            var sql = string.Join(' ', Files.Queries(panel));
            var variables = new[] { "stage", "tier", "channel", "member" }.Where(v => Regex.IsMatch(sql, $@"\$\{{?{v}\b"));
            string[] filters = [.. TimeMacro().IsMatch(sql) ? ["time"] : Array.Empty<string>(), .. variables];
            var ending = $" Filters: {(filters.Length == 0 ? "none" : string.Join(", ", filters))}.";
            Assert.True(text.Split("\n\n") is [var en, var zh] && en.EndsWith(ending, StringComparison.Ordinal)
                && zh.Contains("筛选：", StringComparison.Ordinal),
                $"{Files.Name(root, panel)}: its description must be a paragraph of English ending in \"{ending}\", an empty line, and " +
                    $"one of Chinese");
        }
    }

    [Fact]
    public void A_panel_that_can_turn_red_says_what_to_do_then()
    {
        foreach (var (root, panel) in Files.DataPanels.Where(p => Steps().Matches(p.Panel["fieldConfig"]!.ToJsonString())
            .Any(s => s.Value.Contains("#D55E00", StringComparison.Ordinal))))
        {
            var text = panel["description"]!.GetValue<string>();
            Assert.True(WhenRed().IsMatch(text), $"{Files.Name(root, panel)} can turn red and does not say what to do");
        }
    }

    [Fact]
    public void Every_panel_has_unit_thresholds_a_text_for_no_data_and_the_chosen_data_source()
    {
        foreach (var (root, panel) in Files.DataPanels)
        {
            var defaults = panel["fieldConfig"]!["defaults"]!;
            Assert.True(defaults["unit"] is not null && defaults["thresholds"] is not null && defaults["noValue"] is not null,
                Files.Name(root, panel));
            foreach (var source in panel["targets"]!.AsArray().Select(t => t!["datasource"]).Append(panel["datasource"]))
            {
                Assert.Equal("grafana-clickhouse-datasource", source!["type"]!.GetValue<string>());
                Assert.Equal("${datasource}", source["uid"]!.GetValue<string>());
            }
        }
    }

    [Fact]
    public void Colours_are_of_the_colour_blind_safe_palette_and_a_name_has_one_colour()
    {
        var colours = new Dictionary<string, string>();
        foreach (var (root, panel) in Files.DataPanels)
        {
            foreach (Match colour in Colour().Matches(panel["fieldConfig"]!.ToJsonString()))
            {
                Assert.True(Palette.Contains(colour.Value), $"{Files.Name(root, panel)}: {colour.Value}");
            }
            foreach (var item in panel["fieldConfig"]!["overrides"]!.AsArray())
            {
                if (item!["properties"]!.AsArray().FirstOrDefault(p => p!["id"]!.GetValue<string>() == "color") is not { } property)
                {
                    continue;
                }
                if (property["value"]!["fixedColor"]?.GetValue<string>() is not { } colour) continue; // by thresholds
                var name = item["matcher"]!["options"]!.GetValue<string>();
                Assert.True(colours.TryAdd(name, colour) || colours[name] == colour, $"{Files.Name(root, panel)}: {name} is {colour} " +
                    $"here and {colours[name]} elsewhere");
            }
        }
    }

    [Fact]
    public void Links_lead_to_dashboards_that_exist()
    {
        var uids = Files.All.Select(f => f.Root["uid"]!.GetValue<string>()).ToHashSet();
        foreach (var (name, root) in Files.All)
        {
            Assert.Contains(root["links"]!.AsArray(), l => l!["type"]!.GetValue<string>() == "dashboards" && l["keepTime"]!.GetValue<bool>()
                && l["includeVars"]!.GetValue<bool>());
            foreach (Match link in Link().Matches(root.ToJsonString()))
            {
                Assert.True(uids.Contains(link.Groups[1].Value), $"{name}: {link.Value}");
            }
        }
    }

    [Fact]
    public void Every_dashboard_has_the_same_variables_and_each_changes_something()
    {
        foreach (var (name, root) in Files.All)
        {
            var declared = root["templating"]!["list"]!.AsArray().Select(v => v!["name"]!.GetValue<string>()).ToHashSet();
            Assert.Superset(new HashSet<string> { "datasource", "stage", "tier", "channel" }, declared);
            var sql = string.Join('\n', root["panels"]!.AsArray().Where(p => p!["targets"] is not null).SelectMany(p => Files.Queries(p!)));
            foreach (var variable in declared.Where(v => v != "datasource"))
            {
                Assert.True(Regex.IsMatch(sql, $@"\$\{{{variable}:singlequote\}}"), $"{name}: no query uses {variable}");
            }
        }
    }

    [Fact]
    public void Queries_read_aggregates_and_effects_only_within_bounds()
    {
        foreach (var (root, panel) in Files.DataPanels)
        {
            foreach (var sql in Files.Queries(panel))
            {
                foreach (Match table in Table().Matches(sql))
                {
                    var name = table.Groups[1].Value;
                    if (Aggregates.Contains(name)) continue;
                    Assert.True(Effects.Contains(name), $"{Files.Name(root, panel)} reads {name}");
                    Assert.True(Bounded().IsMatch(sql),
                        $"{Files.Name(root, panel)} reads {name} without a projection, a limit or a member");
                }
            }
        }
    }

    [GeneratedRegex(@"\A[ -~]+ · [^ ].*\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Bilingual();

    [GeneratedRegex(@"\$__(time|to|from|date)")]
    private static partial Regex TimeMacro();

    [GeneratedRegex(@"""steps"":\[[^\]]*\]")]
    private static partial Regex Steps();

    [GeneratedRegex(@" Red( cells)?: .*(变红|红色)：", RegexOptions.Singleline)]
    private static partial Regex WhenRed();

    [GeneratedRegex("#[0-9A-Fa-f]{6}")]
    private static partial Regex Colour();

    [GeneratedRegex(@"/d/([a-z-]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\b(?:FROM|JOIN) ([a-z_]+)")]
    private static partial Regex Table();

    // Counted by minute or by member and day (the projections), the newest of a range, or one member's.
    [GeneratedRegex(@"toStartOfMinute\(at\)|toStartOfDay\(at\)|LIMIT \d+$|WHERE member = ")]
    private static partial Regex Bounded();
}
