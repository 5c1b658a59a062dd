using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Streaming.App.Hosting;
using Streaming.App.Installing;
using Streaming.ClickHouse.Client;
using Streaming.Common.CommandLine;
using Streaming.Engine.Commits;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;
using Streaming.Members.Events;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;
using Streaming.TestKit.Scenarios;

namespace Streaming.Pipeline.Tests.App;

/// <summary>A replay with --effects is killed before Kafka has any of its messages; then up takes the directory over. Wherever the
/// take-over is killed,
/// nothing of the replay leaves on a live topic, and all of its rows go to ClickHouse.</summary>
public sealed class TakeOverTests
{
    private const long Begin = 1_600_000_000_000; // the data's time, years before the take-over
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Told = ["alerts_rows", "rewards_rows", "care_actions_rows", "changes_rows"];
    private static readonly Dictionary<string, string> Mock = new() { ["test.mock.num.brokers"] = "1" };

    private static readonly IReadOnlyList<Step> Replayed = [.. Enumerable.Range(1, 30).Select(n =>
        Purchase($"m{n % 6}", n, Begin + (n * 86_400_000L)))];

    /// <summary>Where the first take-over ends.</summary>
    public enum Killed
    {
        Nowhere,
        AsItBegins,
        BeforeItIsLive,
    }

    [Theory]
    [InlineData(Killed.Nowhere)]
    [InlineData(Killed.AsItBegins)]
    [InlineData(Killed.BeforeItIsLive)]
    public async Task Unsent_messages_of_a_killed_replay_never_reach_a_live_topic(Killed killed)
    {
        using var place = new TemporaryDirectory();
        var data = await ReplayAndDieAsync(place.Path);
        data = await TakeOverAndDieAsync(data, killed);
        using (var directory = DataDirectory.Open(data))
        {
            await TakeOver(directory, NullLoggerFactory.Instance).StartAsync(CancellationToken.None).WaitAsync(Patience);
        }

        var sent = await LiveAsync(data);
        Assert.All(sent, message => Assert.Equal("zoe", JsonNode.Parse(message)!["member"]!.GetValue<string>()));
        Assert.NotEmpty(sent);
    }

    [Fact]
    public async Task A_replay_whose_take_over_has_begun_does_not_go_on_as_a_replay()
    {
        using var place = new TemporaryDirectory();
        var data = await TakeOverAndDieAsync(await ReplayAndDieAsync(place.Path), Killed.AsItBegins);
        using var directory = DataDirectory.Open(data);
        using var store = SqliteStore.Open(directory);
        var refused = Assert.Throws<CommandException>(() => new RunState(store.Facts).BeginReplay("files"));
        Assert.Equal(ExitCodes.WrongUsage, refused.ExitCode);
        Assert.Contains("streaming up", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_with_an_unfinished_take_over_does_not_go_live()
    {
        using var place = new TemporaryDirectory();
        using var directory = DataDirectory.Open(place.Path);
        using var store = SqliteStore.Open(directory);
        var state = new RunState(store.Facts);
        state.BeginReplay("files");
        state.Finish();
        Assert.Throws<InvalidOperationException>(() => state.GoLive(store));
        Assert.False(state.IsLive);
    }

    /// <summary>A replay whose broker takes nothing; gives what a kill leaves of it, a parked message that waits too.</summary>
    private static async Task<string> ReplayAndDieAsync(string place)
    {
        var (first, second) = (Path.Combine(place, "replay"), Directory.CreateDirectory(Path.Combine(place, "killed")).FullName);
        using var directory = DataDirectory.Open(first);
        using var store = SqliteStore.Open(directory);
        var state = new RunState(store.Facts);
        state.BeginReplay("files");
        var refused = TestMessages.Reward("of the replay");
        store.Parked.Add(ParkedItem.Message, state.Prefix + "rewards", "refused", refused);
        Assert.True(store.Parked.Redrive(store.Parked.List(1)[0].Id));
        await using var host = Host(directory, store, new HostMode(state.Prefix, SendsEffects: true, Current: false), [], Replayed,
            out var source);
        host.Start();
        await source.Finished.WaitAsync(Patience);
        await Until.TrueAsync(() => host.Durable >= host.LastPosted);
        ScenarioRun.Copy(first, second);
        return second;
    }

    private static async Task<string> TakeOverAndDieAsync(string data, Killed killed)
    {
        if (killed == Killed.Nowhere) return data;
        var left = Directory.CreateDirectory(data + "-again").FullName;
        using var directory = DataDirectory.Open(data);
        if (killed == Killed.AsItBegins)
        {
            using var store = SqliteStore.Open(directory);
            new RunState(store.Facts).BeginTakeOver(store);
            ScenarioRun.Copy(data, left);
            return left;
        }

        // the last thing that happens before the store goes live
        using var logs = new CallbackLoggerFactory(line =>
        {
            if (line.StartsWith("Delivery to ClickHouse has stopped", StringComparison.Ordinal)) ScenarioRun.Copy(data, left);
        });
        await TakeOver(directory, logs).StartAsync(CancellationToken.None).WaitAsync(Patience);
        Assert.NotEmpty(Directory.EnumerateFiles(left));
        return left;
    }

    /// <summary>The live pipeline on what was taken over, with a broker that takes everything, and one purchase of the present: what it
    /// sends, once all rows of the replay stand in blocks.</summary>
    private static async Task<ConcurrentQueue<string>> LiveAsync(string data)
    {
        var sent = new ConcurrentQueue<string>();
        using var directory = DataDirectory.Open(data);
        using var store = SqliteStore.Open(directory);
        new RunState(store.Facts).GoLive(store);
        await using var host = Host(directory, store, HostMode.Live, Mock,
            [.. Replayed, Purchase("zoe", 31, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())], out var source);
        host.Messages.Sending = (_, value) => sent.Enqueue(Encoding.UTF8.GetString(value));
        host.Start();
        await source.Finished.WaitAsync(Patience);
        await Until.TrueAsync(() => ScenarioSource.Settled(host));
        Assert.Empty(store.Parked.ToRedrive(ParkedItem.Message));
        // at least one of each member, in every table; ClickHouse is away, so they stay
        await Until.TrueAsync(() => Told.All(table => store.Blocks.Pending(table, int.MaxValue).Sum(block => block.Rows) >= 6));
        await host.StopAsync(TimeSpan.FromSeconds(2));
        return sent;
    }

    private static TakeOver TakeOver(DataDirectory directory, ILoggerFactory logs)
    {
        KafkaNative.Load();
        var settings = new UpSettings { Data = directory.Path, Host = Settings([]) };
        return new TakeOver(Options.Create(settings), directory, new EmbeddedParts(settings, [], logs), logs);
    }

    private static EmbeddedHost Host(DataDirectory directory, SqliteStore store, HostMode mode, Dictionary<string, string> client,
        IReadOnlyList<Step> steps, out ScenarioSource source)
    {
        KafkaNative.Load();
        ScenarioSource? made = null;
        var hosted = new HostedStore(store, DirectoryIdentity.Of(directory, store.Facts, null), new RulesBook(store.Facts, "{}"));
        var host = new EmbeddedHost(Settings(client), hosted, mode,
            wired => made = new ScenarioSource(steps, [4], steps.Count, wired, new SignalLog()), NullLoggerFactory.Instance);
        source = made!;
        return host;
    }

    private static HostSettings Settings(Dictionary<string, string> client) => new()
    {
        Kafka = new KafkaSettings { Bootstrap = "127.0.0.1:1", Client = client },
        ClickHouse = new ClickHouseSettings { Url = "http://127.0.0.1:1" },
    };

    private static Step Purchase(string member, int n, long at) => new(
        Topic.Purchases, member,
        $$"""{"id":"p{{n}}","member":"{{member}}","at":{{at}},"kind":"paid","order":"o{{n}}","amount":"90.00","currency":"EUR"}""", at);

    /// <summary>Does something at a line.</summary>
    private sealed class CallbackLoggerFactory(Action<string> act) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => act(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
