using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Load.Prefilling;
using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Kafka;
using Streaming.Pipeline.Sinks.ClickHouse;
using Streaming.Pipeline.Store;
using Streaming.TestKit;
using Streaming.TestKit.Scenarios;

namespace Streaming.Loadtests.Tests;

/// <summary>A past that is prefilled is the past that the same events make one by one.</summary>
public class PrefillTests
{
    private const int Members = 40, Events = 400;
    private const long From = 1_790_000_000_000, To = From + (30L * 86_400_000);

    [Fact]
    public async Task Prefilled_members_are_what_the_same_events_make_one_after_the_other()
    {
        var events = Steps();
        var expected = await ScenarioRun.RunAsync(events, "", new Course([1], 1));
        var prefilled = await PrefillAsync();
        Assert.Equal(Members, expected.States.Count);
        foreach (var (member, state) in expected.States) Assert.Equal(state, prefilled[member]);
    }

    [Fact]
    public void All_members_arrive_evenly_and_nobody_is_named_as_an_author()
    {
        using var lives = Lives();
        var values = new List<string>();
        for (var i = 0; i < Events; i++)
        {
            lives.Next(From);
            Assert.InRange(lives.Met, (i + 1) * Members / Events, ((i + 1) * Members / Events) + 1);
            values.Add(Encoding.UTF8.GetString(lives.Value));
        }

        Assert.Equal(Members, lives.Met);
        Assert.Equal(Members, values.Count(v => v.Contains("\"joined\"", StringComparison.Ordinal)));
        Assert.DoesNotContain(values, v => v.Contains("\"author\"", StringComparison.Ordinal));
    }

    private static MemberLives Lives() => new(new LivesOptions(Members, 8, Seed: 5, Arrivals: Events));

    private static List<Step> Steps()
    {
        using var lives = Lives();
        var steps = new List<Step>();
        for (var i = 0; i < Events; i++)
        {
            var at = LivesSource.At(From, To, Events, i);
            // events are more than a minute apart: before each, time is read up to it
            steps.Add(new Step(null, "", "", at));
            lives.Next(at);
            steps.Add(new Step(lives.Topic, Encoding.UTF8.GetString(lives.Key), Encoding.UTF8.GetString(lives.Value), at));
        }

        steps.Add(new Step(null, "", "", To));
        return steps;
    }

    private static async Task<Dictionary<string, byte[]>> PrefillAsync()
    {
        using var folder = new TemporaryDirectory();
        using var directory = DataDirectory.Open(folder.Path);
        using var store = SqliteStore.Open(directory);
        using var source = new LivesSource(Lives(), From, To, Events);
        var settings = new HostSettings { Kafka = new KafkaSettings { Bootstrap = "127.0.0.1:1" }, ClickHouse = new ClickHouseSettings { Url = "http://127.0.0.1:1" } };
        KafkaNative.Load();
        await using var host = new EmbeddedHost(
            settings, store, StoreIdentity.Of(directory, store.Facts, null), new RulesBook(store.Facts, ""), new HostMode("replay.test.1.", Outside: false, Current: false), _ => source, NullLoggerFactory.Instance);
        host.Start();
        await source.Finished.WaitAsync(TimeSpan.FromMinutes(2));
        await host.StopAsync(TimeSpan.FromSeconds(1));
        using var reader = store.OpenReader();
        var states = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var id in reader.Ids([], 1_000))
        {
            if (reader.TryRead(id, out var stored)) states[Encoding.UTF8.GetString(id)] = stored.State.ToArray();
        }

        return states;
    }
}
