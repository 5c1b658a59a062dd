using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Hosting;
using Streaming.ClickHouse.Client;
using Streaming.Contract.Messages;
using Streaming.Engine.Rules;
using Streaming.Engine.Shards;
using Streaming.Engine.Views;
using Streaming.Kafka.Client;
using Streaming.Members;
using Streaming.Members.Rules;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.TestKit.Scenarios;

/// <summary>What a run of steps left behind: every message by its id, and every member's snapshot bytes.</summary>
public sealed record Outcome(IReadOnlyDictionary<string, JsonObject> Effects, IReadOnlyDictionary<string, byte[]> States)
{
    /// <summary>Values that left as dead letters; those sent again after a crash once more.</summary>
    public IReadOnlyCollection<string> DeadLetters { get; init; } = [];
}

/// <summary>How the steps come: batch sizes, shards, and after how many steps the process dies (0 = never).</summary>
public sealed record Course(IReadOnlyList<int> Sizes, int Shards, int CrashAfter = 0, int ShardsAfterCrash = 1)
{
    /// <summary>Changes the rules in memory so that the program fails on some records, and in those that they are changed to: until
    /// the crash, or for the whole run where there is none.</summary>
    public Action<RuleSet>? Flaw { get; init; }
}

/// <summary>Runs steps through the real embedded host: real store on disk, real codec, real
/// outputs; the producer speaks to librdkafka's built-in mock.</summary>
public static class ScenarioRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs the steps to their end and collects what they left.</summary>
    /// <param name="rules">Text of a rules file.</param>
    public static async Task<Outcome> RunAsync(IReadOnlyList<Step> steps, string rules, Course course)
    {
        KafkaNative.Load();
        var effects = new ConcurrentDictionary<string, JsonObject>(StringComparer.Ordinal);
        var (signals, letters) = (new SignalLog(), new ConcurrentQueue<string>());
        var folder = Directory.CreateTempSubdirectory("streaming-scenario-");
        try
        {
            var place = folder.CreateSubdirectory("first").FullName;
            if (course.CrashAfter > 0)
            {
                var second = folder.CreateSubdirectory("second").FullName;
                await RunUntilAsync(place, steps, rules, course, course.Shards, course.CrashAfter, effects, signals, letters,
                    crashInto: second);
                place = second;
            }

            await RunUntilAsync(place, steps, rules, course, course.CrashAfter > 0 ? course.ShardsAfterCrash : course.Shards, steps.Count,
                effects, signals, letters, crashInto: null);
            return new Outcome(effects, States(place, steps.Where(s => s.Topic is not null && !s.ReadsSignals).Select(s => s.Key)
                .Concat(signals.Members))) { DeadLetters = letters };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunUntilAsync(
        string place, IReadOnlyList<Step> steps, string rules, Course course, int shards, int until,
        ConcurrentDictionary<string, JsonObject> effects, SignalLog signals, ConcurrentQueue<string> letters, string? crashInto)
    {
        using var directory = DataDirectory.Open(place);
        using var store = SqliteStore.Open(directory);
        var identity = DirectoryIdentity.Of(directory, store.Facts, null);
        var settings = new HostSettings
        {
            // the producer's own mock cluster; ClickHouse is away, its blocks wait in the store
            Kafka = new KafkaSettings { Bootstrap = "127.0.0.1:1", Client =
            new Dictionary<string, string> { ["test.mock.num.brokers"] = "1" } },
            ClickHouse = new ClickHouseSettings { Url = "http://127.0.0.1:1" },
            // before a crash nothing is written but commits, so that recovery has everything to do
            Shards = crashInto is null ? new ShardSettings { Shards = shards }
            : new ShardSettings { Shards = shards, FewDirty = 0, SnapshotAge = TimeSpan.FromMinutes(1) },
        };
        var book = new RulesBook(store.Facts, rules);
        var flaw = crashInto is not null || course.CrashAfter == 0 ? course.Flaw : null;
        flaw?.Invoke(book.Current);
        ScenarioSource? source = null;
        await using var host = new EmbeddedHost(
            settings, new HostedStore(store, identity, book), HostMode.Live,
            made => source = new ScenarioSource(steps, course.Sizes, until, made, signals, flaw), NullLoggerFactory.Instance);
        host.Messages.Sending = (topic, bytes) =>
        {
            var value = bytes.ToArray();
            if (topic == OutputTopic.DeadLetters)
            {
                letters.Enqueue(Encoding.UTF8.GetString(value));
                return;
            }

            var message = Remember(effects, value);
            if (topic == OutputTopic.Signals) signals.Sent(message, value);
        };
        host.Start();
        var first = await Task.WhenAny(source!.Finished, host.Ended).WaitAsync(Patience);
        if (first == host.Ended) throw (await host.Ended)!;
        await Until.TrueAsync(() => host.Ended.IsCompleted || ScenarioSource.Settled(host));
        if (host.Ended.IsCompleted) throw (await host.Ended)!;
        if (crashInto is not null) Copy(place, crashInto);
        await host.StopAsync(TimeSpan.FromSeconds(1));
    }

    private static JsonObject Remember(ConcurrentDictionary<string, JsonObject> effects, byte[] value)
    {
        var message = JsonNode.Parse(value)!.AsObject();
        var known = effects.GetOrAdd(message["id"]!.GetValue<string>(), message);
        if (!JsonNode.DeepEquals(known, message))
        {
            throw new InvalidOperationException($"One id, two messages: {known.ToJsonString()} and {message.ToJsonString()}");
        }
        return known;
    }

    /// <summary>What the disk holds at this moment is what a killed process would leave.</summary>
    /// <remarks>While somebody reads, a checkpoint cannot begin the log anew: what it has brought into the database stands in the log,
    /// which is copied after it.</remarks>
    public static void Copy(string from, string to)
    {
        using var reader = new SqliteConnection($"Data Source={Path.Combine(from, "state.db")};Mode=ReadOnly;Pooling=False");
        reader.Open();
        using var reading = reader.BeginTransaction(deferred: true);
        using var first = reader.CreateCommand();
        first.CommandText = "SELECT count(*) FROM sqlite_master";
        first.ExecuteScalar();
        foreach (var pattern in new[] { "pseudonym.key", "state.db", "state.db-wal", "journal-*", "blocks-*" })
        {
            foreach (var file in Directory.EnumerateFiles(from, pattern)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static Dictionary<string, byte[]> States(string place, IEnumerable<string> members)
    {
        using var directory = DataDirectory.Open(place);
        using var store = SqliteStore.Open(directory);
        using var reader = store.OpenReader();
        var states = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var id in members.Distinct(StringComparer.Ordinal))
        {
            if (reader.TryRead(Encoding.UTF8.GetBytes(id), out var stored)) states[id] = stored.State.ToArray();
        }

        return states;
    }

    /// <summary>A snapshot as the API would show it.</summary>
    public static MemberView View(string id, byte[] snapshot, Members.Rules.RuleSet rules, long now)
    {
        var member = new Member();
        member.Reset(Encoding.UTF8.GetBytes(id));
        member.Read(snapshot);
        return MemberView.Of(member, rules, now);
    }
}
