using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Hosting;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Sending;
using Streaming.Common.CommandLine;
using Streaming.Engine.Commits;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;
using Streaming.Loadtests.Load.Prefilling;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Loadtests.Tests;

/// <summary>A past that is prefilled is the past that a pipeline makes of the same events.</summary>
public class PrefillTests
{
    private const long From = 1_790_000_000_000, To = From + (20L * 86_400_000);
    private static readonly string Rules = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "rules.yaml"));

    [Fact]
    public async Task Prefilled_members_equal_those_of_a_pipeline_over_the_same_events()
    {
        var plan = new PastPlan(25, 8, From, To, Seed: 5);
        using var folder = new TemporaryDirectory();
        using (var store = new Opened(folder.Path))
        {
            using var source = new PrefillReferenceSource(plan);
            var settings = new HostSettings { Kafka = new KafkaSettings { Bootstrap = "127.0.0.1:1" },
                ClickHouse = new ClickHouseSettings { Url = "http://127.0.0.1:1" } };
            settings.Commit.InFlight = 1;
            KafkaNative.Load();
            await using var host = new EmbeddedHost(
                settings, new HostedStore(store.Store, store.Identity, new RulesBook(store.Store.Facts, Rules)),
                    new HostMode("replay.test.1.", SendsEffects: false, Current: false), _ => source, NullLoggerFactory.Instance);
            host.Start();
            await source.Finished.WaitAsync(TimeSpan.FromMinutes(5));
            await host.StopAsync(TimeSpan.FromSeconds(1));
            Assert.True(host.Status.Wakes > 0);
        }

        var expected = States(folder.Path);
        using var prefilled = new TemporaryDirectory();
        Fill(prefilled.Path, plan);
        Assert.Equal(plan.Members, expected.Count);
        Assert.Equal(expected, States(prefilled.Path));
    }

    [Fact]
    public void An_interrupted_prefill_continues_to_the_same_result()
    {
        var plan = new PastPlan((2 * PastStoreFill.MembersPerCommit) + 7, 2, From, To, Seed: 6);
        using var straight = new TemporaryDirectory();
        using var interrupted = new TemporaryDirectory();
        Fill(straight.Path, plan);
        for (var commits = 1; commits <= 3; commits++)
        {
            using var store = new Opened(interrupted.Path);
            var breaking = DispatchProxy.Create<IStore, StoreFailingAfterEachCommit>();
            ((StoreFailingAfterEachCommit)(object)breaking).Store = store.Store;
            Assert.Throws<StoreException>(() => Fill(breaking, store, plan));
            Assert.Equal(commits, store.Store.OutputsAfter(0).Count());
        }

        using (var store = new Opened(interrupted.Path)) Assert.Equal(plan.Members, Fill(store.Store, store, plan).Members);
        Assert.Equal(States(straight.Path), States(interrupted.Path));
        Assert.Equal(RowsForClickHouse(straight.Path), RowsForClickHouse(interrupted.Path));
    }

    [Fact]
    public void A_members_past_depends_on_seed_and_number_only()
    {
        var plan = new PastPlan(500, 5, From, To, Seed: 7);
        var forward = Enumerable.Range(0, plan.Members).Select(who => Life(plan, who)).ToArray();
        var backward = Enumerable.Range(0, plan.Members).Reverse().Select(who => Life(plan, who)).Reverse().ToArray();
        Assert.Equal(forward, backward);
        foreach (var life in forward)
        {
            Assert.Contains("\"joined\"", life[0].Value, StringComparison.Ordinal);
            Assert.All(life[1..], e => Assert.DoesNotContain("\"joined\"", e.Value, StringComparison.Ordinal));
            Assert.Equal(life.Select(e => e.At).Order(), life.Select(e => e.At));
            Assert.All(life, e => Assert.InRange(e.At, From, To));
            Assert.All(life, e => Assert.DoesNotContain("\"author\"", e.Value, StringComparison.Ordinal));
        }

        Assert.InRange(forward.Average(life => life.Length), 4.5, 5.5);
    }

    [Fact]
    public async Task A_prefilled_directory_agrees_with_ClickHouse_and_is_not_prefilled_twice()
    {
        await using var clickhouse = await EmbeddedClickHouse.StartAsync();
        using var folder = new TemporaryDirectory();
        var plan = new PrefillPlan(folder.Path, clickhouse.Url.ToString(), 2_500, 3, 30, 1);
        await PrefillRun.RunAsync(plan, CancellationToken.None);
        Assert.Equal("2500", await clickhouse.QueryAsync("SELECT sum(members) FROM engagement.population WHERE gauge = 'stage'"));
        await Assert.ThrowsAsync<CommandException>(() => PrefillRun.RunAsync(plan, CancellationToken.None));
        await Assert.ThrowsAsync<CommandException>(() => PrefillRun.RunAsync(plan with { Members = 2_600 }, CancellationToken.None));
    }

    private static (long At, string Value)[] Life(PastPlan plan, int who)
    {
        using var life = new MemberPast(plan);
        life.Begin(who);
        var events = new List<(long, string)>();
        while (life.Next()) events.Add((life.At, Encoding.UTF8.GetString(life.Value)));
        return [.. events];
    }

    private static void Fill(string folder, PastPlan plan)
    {
        using var store = new Opened(folder);
        Fill(store.Store, store, plan);
    }

    private static PastStoreFill Fill(IStore store, Opened opened, PastPlan plan)
    {
        var filling = new PastStoreFill(plan, store, opened.Identity.Writer, () => { });
        filling.Fill(new RulesBook(opened.Store.Facts, Rules).Current, opened.Identity.PseudonymKey, CancellationToken.None);
        return filling;
    }

    private static Dictionary<string, byte[]> States(string folder)
    {
        using var store = new Opened(folder);
        using var reader = store.Store.OpenReader();
        var states = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var id in reader.Ids([], 10_000))
        {
            if (reader.TryRead(id, out var stored)) states[Encoding.UTF8.GetString(id)] = stored.State.ToArray();
        }

        return states;
    }

    private static Dictionary<string, int> RowsForClickHouse(string folder)
    {
        using var store = new Opened(folder);
        return BlockBuilder.TableNames.ToDictionary(table => table, table => store.Store.Blocks.Pending(table, 1_000).Sum(b => b.Rows));
    }

    /// <summary>A store in its folder.</summary>
    private sealed class Opened : IDisposable
    {
        private readonly DataDirectory directory;

        public Opened(string folder)
        {
            directory = DataDirectory.Open(folder);
            Store = SqliteStore.Open(directory);
            Identity = DirectoryIdentity.Of(directory, Store.Facts, null);
        }

        public SqliteStore Store { get; }

        public StoreIdentity Identity { get; }

        public void Dispose()
        {
            Store.Dispose();
            directory.Dispose();
        }
    }
}

/// <summary>A store that takes one commit and then breaks, as a killed process would have it.</summary>
public class StoreFailingAfterEachCommit : DispatchProxy
{
    private int commits;

    /// <summary>The store behind it.</summary>
    public required IStore Store { get; set; }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IStore.Commit) && ++commits > 1) throw new StoreException("broken", false);
        return targetMethod.Invoke(Store, args);
    }
}
