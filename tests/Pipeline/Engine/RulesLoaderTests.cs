using Streaming.Engine.Rules;
using Streaming.Members.CareActions;
using Streaming.Members.Events;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Engine;

public class RulesLoaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("# nothing but words\n")]
    [InlineData("{}")]
    public void An_empty_rules_file_gives_the_defaults(string text) => Assert.Equal(3, Load(text).Care.WeeklyCap);

    [Fact]
    public void A_written_setting_overrides_its_default_alone()
    {
        var rules = Load("""
            care:
              quietFrom: "22:30"
              leapDay: march1
              channels: [sms]
            points:
              purchases:
                - {name: euro, currency: EUR, pointsPerUnit: 0.25}
              activities: []
            """);
        Assert.Equal((new TimeOnly(22, 30), new TimeOnly(9, 0), LeapDay.March1),
            (rules.Care.QuietFrom, rules.Care.QuietUntil, rules.Care.LeapDay));
        Assert.Equal(["sms"], rules.Care.Channels);
        var euro = Assert.Single(rules.Points.Purchases);
        Assert.Equal((2_500, 10_000, "points.euro"), (euro.PointsPerUnit, euro.GrowthPerUnit, euro.Path));
        Assert.Null(rules.Points.For(EventKind.Checkin));
    }

    [Fact]
    public void A_file_within_the_characters_taken_is_read_whatever_its_alphabet()
    {
        using var folder = new TemporaryDirectory();
        var path = Path.Combine(folder.Path, "rules.yaml");
        File.WriteAllText(path, "# " + new string('会', RulesLoader.MaxLength - 2));
        var errors = new List<string>();
        RulesFile.Read(path, errors);
        Assert.Empty(errors);
    }

    [Fact]
    public void Every_error_is_found_at_once_each_with_its_line()
    {
        var result = RulesLoader.Load("""
            care:
              weeklyCap: 0
              quietForm: "22:00"
              quietUntil: 9 o'clock
            poinst: {}
            points:
              expireAfterMonths: twelve
              purchases:
                - currency: euro
                - name: usd
                  currency: USD
                  pointsPerUnit: 0.00001
              activities:
                - {name: a, event: chekin}
            badges:
              list: none
            levels:
              - bronze
            streaks:
              freezes: 3.5
              event:
            """);
        Assert.Null(result.Rules);
        Assert.Equal(
            [
                "line 2: care.weeklyCap must be 1 to 16, not 0.",
                "line 3: care.quietForm is not a setting (did you mean 'quietFrom'?).",
                "line 4: care.quietUntil must be a time of day such as \"21:00\", not '9 o'clock'.",
                "line 5: poinst is not a setting (did you mean 'points'?).",
                "line 7: points.expireAfterMonths must be a whole number, not 'twelve'.",
                "line 9: points.purchases[0].name is missing.",
                "line 9: points.purchases[0].currency must be three capital letters (ISO 4217) or any, not 'euro'.",
                "line 12: points.purchases[1].pointsPerUnit must be a number with at most four decimals, not '0.00001'.",
                "line 14: points.activities[0].event is not a known word, not 'chekin' (did you mean 'checkin'?).",
                "line 16: badges.list must be a list ([] for none), not 'none'.",
                "line 17: levels must be a group of 'name: value' lines.",
                "line 20: streaks.freezes must be a whole number, not '3.5'.",
                "line 21: streaks.event must be one value.",
            ],
            result.Errors);
    }

    [Theory]
    [InlineData("care: [", "line 2: This is not YAML: ")]
    [InlineData("care:\n  weeklyCap: 1\n  weeklyCap: 2\n", "line 3: ")]
    [InlineData("- a\n- b\n", "line 1: The rules must be one YAML document")]
    [InlineData("a: 1\n---\nb: 2\n", "line 1: The rules must be one YAML document")]
    public void A_text_that_is_no_rules_file_gives_one_error(string text, string error) =>
        Assert.StartsWith(error, Assert.Single(RulesLoader.Load(text).Errors), StringComparison.Ordinal);

    [Fact]
    public void A_text_beyond_the_limit_is_refused_unread() =>
        Assert.Contains("at most 1048576", Assert.Single(RulesLoader.Load(new string('#', RulesLoader.MaxLength + 1)).Errors),
            StringComparison.Ordinal);

    [Fact]
    public void A_deep_or_self_referring_text_is_an_error_and_no_crash()
    {
        Assert.StartsWith("line 2: care.channels must be a list",
            Assert.Single(RulesLoader.Load("care: &a\n  channels: *a\n").Errors), StringComparison.Ordinal);
        Assert.Contains("nested at most",
            Assert.Single(RulesLoader.Load("care: " + new string('[', 100_000)).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_badge_in_use_cannot_be_removed_but_retired()
    {
        const string Before = "badges:\n  list:\n  - {name: old, number: 1, streak: 3}\n  - {name: kept, number: 2, streak: 5}\n";
        var inForce = Load(Before);
        Assert.Equal(
            [
                "line 2: badges.list has lost 'kept' (number 2), which members may have: set retired: true instead of removing it.",
                "line 3: badges.list[0].number 1 belongs to 'old', which members may have: give 'new' a number of its own.",
            ],
            RulesLoader.Load("badges:\n  list:\n  - {name: new, number: 1, streak: 3}\n", inForce).Errors);
        Assert.Empty(RulesLoader.Load(Before.Replace("streak: 3", "streak: 3, retired: true", StringComparison.Ordinal) +
            "  - {name: new, number: 3, streak: 3}\n", inForce).Errors);
    }

    [Fact]
    public void The_rules_version_ignores_line_endings()
    {
        var version = Load("care:\n  weeklyCap: 2\n").Version;
        Assert.Matches("^[0-9a-f]{16}$", version);
        Assert.Equal(version, Load("\uFEFFcare:  \r\n  weeklyCap: 2\t\r\n\r\n").Version);
        Assert.NotEqual(version, Load("care:\n  weeklyCap: 1\n").Version);
        Assert.Equal(version, Load("care:\n  weeklyCap: 2\n").Hash.ToString("x16", null));
    }

    private static Members.Rules.RuleSet Load(string text)
    {
        var result = RulesLoader.Load(text);
        Assert.Empty(result.Errors);
        return result.Rules!;
    }
}
