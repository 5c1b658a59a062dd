using Streaming.Grains.Tests.Cluster;
using Streaming.Grains.Tests.Storage;
using Streaming.TestKit.Scenarios;

namespace Streaming.Grains.Tests.Scenarios;

/// <summary>Every scenario has the same result on silos as on one machine: the same effects under the same ids, the same bytes.</summary>
[Collection(PostgresTests.Name)]
public sealed class GrainsScenarioTests(PostgresFixture postgres)
{
    private const string Rules = "{}"; // the shipped rules: every setting at its default

    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "files"), "*.yaml")
            .Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_scenario_gives_the_same_effects_and_states_on_one_silo(string name)
    {
        var scenario = Load(name);
        await using var store = await StoresUnderTest.MemoryAsync(TestSilos.Buckets);
        Same(await EmbeddedAsync(scenario), await GrainsRun.RunAsync(scenario.Steps, Rules, store, silos: 1));
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public async Task A_scenario_gives_the_same_effects_and_states_on_three_silos_with_one_killed(string name)
    {
        var scenario = Load(name);
        await using var store = await StoresUnderTest.PostgresAsync(postgres, TestSilos.Buckets);
        var half = scenario.Steps.Count / 2;
        var killAt = Enumerable.Range(half, scenario.Steps.Count - half).Concat(Enumerable.Range(0, half))
            .First(i => scenario.Steps[i] is { Topic: not null, ReadsSignals: false });
        Same(await EmbeddedAsync(scenario), await GrainsRun.RunAsync(scenario.Steps, Rules, store, silos: 3, killAt));
    }

    private static Task<Outcome> EmbeddedAsync(Scenario scenario) =>
        ScenarioRun.RunAsync(scenario.Steps, Rules, new Course([1], Shards: 1));

    private static void Same(Outcome expected, Outcome actual)
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
}
