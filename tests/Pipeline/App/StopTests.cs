using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Hosting;
using Streaming.ClickHouse.Client;
using Streaming.Engine.Rules;
using Streaming.Engine.Shards;
using Streaming.Engine.Storing;
using Streaming.Engine.Views;
using Streaming.Kafka.Client;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;
using Streaming.TestKit.Scenarios;

namespace Streaming.Pipeline.Tests.App;

/// <summary>A stop always ends in time. What could not be committed is read again after the next start.</summary>
public sealed class StopTests
{
    private const int Purchases = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly IReadOnlyList<Step> Steps = [.. Enumerable.Range(1, Purchases).Select(Purchase)];

    [Fact]
    public async Task A_stop_does_not_wait_for_a_store_that_cannot_be_written()
    {
        using var place = new TemporaryDirectory();
        using (var directory = DataDirectory.Open(place.Path))
        using (var store = SqliteStore.Open(directory))
        {
            await using var host = Host(directory, store, out var source);
            host.Start();
            await source.Finished.WaitAsync(Patience);
            await Until.TrueAsync(() => ScenarioSource.Settled(host));

            using var another = new SqliteConnection($"Data Source={directory.File("state.db")};Pooling=False");
            another.Open();
            using var held = another.BeginTransaction(deferred: false);
            await host.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(Patience);
            var unwritten = Assert.IsType<StoreException>(await host.Ended);
            Assert.Contains("locked", unwritten.Message, StringComparison.Ordinal);
        }

        Assert.Equal(Purchases, await PurchasesAfterRecoveryAsync(place.Path));
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_recovery_ends_it_and_writes_nothing_past_it()
    {
        using var first = new TemporaryDirectory();
        using var second = new TemporaryDirectory();
        using (var directory = DataDirectory.Open(first.Path))
        using (var store = SqliteStore.Open(directory))
        {
            await using var host = Host(directory, store, out var source);
            host.Start();
            await source.Finished.WaitAsync(Patience);
            await Until.TrueAsync(() => ScenarioSource.Settled(host));
            ScenarioRun.Copy(first.Path, second.Path); // as a kill would leave it: commits, and no snapshot that contains them
            await host.StopAsync(TimeSpan.FromSeconds(1));
        }

        using (var directory = DataDirectory.Open(second.Path))
        using (var store = SqliteStore.Open(directory))
        {
            var slow = SlowRecoveryStore.Of(store);
            await using var host = Host(directory, (IStore)slow, out _);
            var stopper = new Thread(() => host.StopAsync(TimeSpan.FromSeconds(1)).GetAwaiter().GetResult()) { IsBackground = true };
            slow.AfterFirst = () => SpinWait.SpinUntil(() => (stopper.ThreadState & ThreadState.WaitSleepJoin) != 0, Patience);
            host.Start();
            stopper.Start();
            Assert.True(stopper.Join(Patience), "The stop did not end.");
        }

        Assert.Equal(Purchases, await PurchasesAfterRecoveryAsync(second.Path));
    }

    private static Step Purchase(int n) => new(
        Topic.Purchases, "ann",
        $$"""{"id":"p{{n}}","member":"ann","at":{{1_700_000_000_000 + n}},"kind":"paid","order":"o{{n}}","amount":"1.00","currency":"EUR"}""", 1_700_000_000_000 + n);

    /// <summary>A host whose members stay dirty: no snapshot is written with its commits,
    /// so that recovery or the stop has them all to do.</summary>
    private static EmbeddedHost Host(DataDirectory directory, IStore store, out ScenarioSource source)
    {
        KafkaNative.Load();
        ScenarioSource? made = null;
        var settings = new HostSettings
        {
            Kafka = new KafkaSettings { Bootstrap = "127.0.0.1:1", Client =
            new Dictionary<string, string> { ["test.mock.num.brokers"] = "1" } },
            ClickHouse = new ClickHouseSettings { Url = "http://127.0.0.1:1" },
            Shards = new ShardSettings { Shards = 1, FewDirty = 0, SnapshotAge = TimeSpan.FromMinutes(1) },
        };
        var host = new EmbeddedHost(
            settings, new HostedStore(store, DirectoryIdentity.Of(directory, store.Facts, null), new RulesBook(store.Facts, "{}")),
            HostMode.Live,
            wired => made = new ScenarioSource(Steps, [1], Steps.Count, wired, new SignalLog()), NullLoggerFactory.Instance);
        source = made!;
        return host;
    }

    private static async Task<long> PurchasesAfterRecoveryAsync(string place)
    {
        using var directory = DataDirectory.Open(place);
        using var store = SqliteStore.Open(directory);
        await using var host = Host(directory, store, out var source);
        host.Start();
        await source.Finished.WaitAsync(Patience);
        var ann = await host.MemberAsync("ann", CancellationToken.None).WaitAsync(Patience);
        await host.StopAsync(TimeSpan.FromSeconds(1));
        return MemberView.Of(ann!, host.Rules.Current, 1_700_000_100_000).Purchases.Paid;
    }

    /// <summary>A store that gives its second stored commit only when it is told to.</summary>
    public class SlowRecoveryStore : DispatchProxy
    {
        private IStore inner = null!;

        /// <summary>Called between the first commit to be applied again and the second.</summary>
        public Action AfterFirst { get; set; } = () => { };

        /// <summary>In front of another store.</summary>
        public static SlowRecoveryStore Of(IStore inner)
        {
            var made = (SlowRecoveryStore)Create<IStore, SlowRecoveryStore>();
            made.inner = inner;
            return made;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IStore.CommitsAfter)) return Slowly((long)args![0]!);
            try
            {
                return targetMethod.Invoke(inner, args);
            }
            catch (TargetInvocationException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerException!);
                throw;
            }
        }

        private IEnumerable<StoredCommit> Slowly(long number)
        {
            var given = 0;
            foreach (var commit in inner.CommitsAfter(number))
            {
                if (given++ == 1) AfterFirst();
                yield return commit;
            }
        }
    }
}
