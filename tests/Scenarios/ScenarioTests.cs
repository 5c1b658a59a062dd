using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Engine.Rules;
using Streaming.Members.Rules;
using Streaming.TestKit.Scenarios;

namespace Streaming.Scenarios.Tests;

/// <summary>Every file in <c>files/</c>, run one step per batch, in one batch on more shards, and with a crash after the first step, the
/// one in the middle and the last but one.</summary>
public sealed class ScenarioTests
{
    private const string Rules = "{}"; // the shipped rules: every setting at its default

    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "files"), "*.yaml")
            .Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_scenario_has_the_expected_effects_and_states(string name)
    {
        var scenario = Load(name);
        var outcome = await ScenarioRun.RunAsync(scenario.Steps, Rules, new Course([1], Shards: 1));
        foreach (var (member, expected) in scenario.Effects)
        {
            var told = outcome.Effects.Values.Where(e => e["member"]!.GetValue<string>() == member && e["sequence"] is not null)
                .OrderBy(e => e["sequence"]!.GetValue<long>()).ToList();
            Assert.True(expected!.AsArray().Count == told.Count, $"{member} has {told.Count} " +
                $"effects:\n{string.Join('\n', told.Select(t => t.ToJsonString()))}");
            for (var i = 0; i < told.Count; i++) AssertFieldsMatch(expected.AsArray()[i]!.AsObject(), told[i],
                $"effect {i + 1} of {member}");
        }

        var rules = RulesLoader.Load(Rules).Rules!;
        foreach (var (member, expected) in scenario.States)
        {
            AssertFieldsMatch(expected!.AsObject(), State(outcome, member, rules, scenario.Steps[^1].Now), $"state of {member}");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_scenario_has_the_same_result_in_one_batch_on_more_shards(string name)
    {
        var scenario = Load(name);
        Same(await ScenarioRun.RunAsync(scenario.Steps, Rules, new Course([1], Shards: 1)),
            await ScenarioRun.RunAsync(scenario.Steps, Rules, new Course([1_000], Shards: 3)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_scenario_has_the_same_result_after_a_crash_and_with_other_shards(string name)
    {
        var scenario = Load(name);
        var straight = await ScenarioRun.RunAsync(scenario.Steps, Rules, new Course([1], Shards: 1));
        foreach (var crash in new[] { 1, scenario.Steps.Count / 2, scenario.Steps.Count - 1 }.Where(c => c > 0).Distinct())
        {
            Same(straight, await ScenarioRun.RunAsync(scenario.Steps, Rules,
                new Course([2], Shards: 2, CrashAfter: crash, ShardsAfterCrash: 3)));
        }
    }

    internal static void Same(Outcome expected, Outcome actual)
    {
        Assert.Equal(expected.Effects.Keys.Order(StringComparer.Ordinal), actual.Effects.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, effect) in expected.Effects) Assert.Equal(effect.ToJsonString(), actual.Effects[id].ToJsonString());
        Assert.Equal(expected.States.Keys.Order(StringComparer.Ordinal), actual.States.Keys.Order(StringComparer.Ordinal));
        foreach (var (member, bytes) in expected.States)
        {
            Assert.True(bytes.AsSpan().SequenceEqual(actual.States[member]), $"{member} has other bytes.");
        }
    }

    private static Scenario Load(string name) => Scenario.Load(Path.Combine(AppContext.BaseDirectory, "files", name + ".yaml"));

    private static JsonObject State(Outcome outcome, string member, RuleSet rules, long now) =>
        JsonSerializer.SerializeToNode(ScenarioRun.View(member, outcome.States[member], rules, now), JsonSerializerOptions.Web)!.AsObject();

    private static void AssertFieldsMatch(JsonObject expected, JsonObject actual, string where)
    {
        foreach (var (field, value) in expected)
        {
            Assert.True(actual.ContainsKey(field), $"{where} has no {field}: {actual.ToJsonString()}");
            if (value is JsonObject nested && actual[field] is JsonObject inside) AssertFieldsMatch(nested, inside, $"{where}, {field}");
            else Assert.True(JsonNode.DeepEquals(value, actual[field]) || value?.ToJsonString() == actual[field]?.ToJsonString(),
                $"{where}: {field} is {actual[field]?.ToJsonString()}, expected {value?.ToJsonString()}. All: {actual.ToJsonString()}");
        }
    }
}
