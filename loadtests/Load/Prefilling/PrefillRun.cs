using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Migrating;
using Streaming.ClickHouse.Sending;
using Streaming.Common.CommandLine;
using Streaming.Common.Logs;
using Streaming.Engine.Commits;
using Streaming.Engine.Rules;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.Loadtests.Load.Prefilling;

/// <summary>What to make.</summary>
/// <param name="Data">Data directory: new, or one whose prefill by the same plan was interrupted.</param>
/// <param name="ClickHouse">Address of ClickHouse; null starts the embedded one of that directory.</param>
/// <param name="Members">Members.</param>
/// <param name="EventsPerMember">Events of each on average, its joining included.</param>
/// <param name="Days">Days that lie behind them.</param>
/// <param name="Seed">Same seed, same past.</param>
internal sealed record PrefillPlan(string Data, string? ClickHouse, int Members, double EventsPerMember, int Days, int Seed);

/// <summary>Makes a data directory whose members have a past. Nothing is sent to the
/// outside, and no pipeline may run on it meanwhile.</summary>
/// <remarks>The directory then holds a finished replay: <c>streaming up --data</c>
/// takes it over, and live events go on from there.</remarks>
internal static class PrefillRun
{
    private const string PlanFact = "prefill";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // without a block landing

    /// <summary>Runs to the end and says how long it took.</summary>
    /// <exception cref="CommandException">The directory is in use or holds something else, or ClickHouse takes nothing.</exception>
    public static async Task RunAsync(PrefillPlan plan, CancellationToken stop)
    {
        using var logs = LoggerFactory.Create(b => b.AddLines().SetMinimumLevel(LogLevel.Warning));
        using var directory = OutputFile.Hold(plan.Data);
        using var store = SqliteStore.Open(directory);
        var past = PastOf(plan, store);
        var state = new RunState(store.Facts);
        state.BeginReplay("prefill");
        await using var clickhouse = await ClickHouseOfRun.StartAsync(plan.ClickHouse, directory.File("clickhouse"), database: null, stop);
        var rules = new RulesBook(store.Facts, await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "rules.yaml"), stop));
        var identity = DirectoryIdentity.Of(directory, store.Facts, null);
        using var delivery = new ClickHouseDelivery(clickhouse.Settings, new SenderSettings(), store, identity.Writer, PrepareAsync, logs);
        var filling = new PastStoreFill(past, store, identity.Writer, delivery.Notify);
        var began = Stopwatch.GetTimestamp();
        var before = filling.Members;
        if (before > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"going on after {before:N0} members"));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var delivering = delivery.RunAsync(ended.Token);
        try
        {
            var filled = Task.Factory.StartNew(() => filling.Fill(rules.Current, identity.PseudonymKey, ended.Token),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await WatchAsync(filled, () => filling.Members);
            var made = Stopwatch.GetElapsedTime(began);
            await WatchAsync(LandedAsync(store, delivery, ended.Token), () => plan.Members);
            var landed = Stopwatch.GetElapsedTime(began);
            var events = await PastVerification.RunAsync(past, store, delivery.Client, stop);
            state.Finish();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"\n{plan.Members - before:N0} members with {filling.Events:N0} events and {filling.Wakes:N0} wakes of {plan.Days} days " +
                    $"in {made.TotalSeconds:N0} s, landed after {landed.TotalSeconds:N0} s; {Machine.Describe()}\n"
                + $"verified after {Stopwatch.GetElapsedTime(began).TotalSeconds:N0} s: the store and ClickHouse hold {plan.Members:N0} " +
                    $"members and {events:N0} events\nnow: streaming up --data {plan.Data} --no-sample"));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nstopped after {filling.Members:N0} members: the same " +
                $"command goes on from there"));
            throw;
        }
        finally
        {
            await ended.CancelAsync();
            await delivering;
        }

        async Task WatchAsync(Task work, Func<long> members)
        {
            while (!work.IsCompleted)
            {
                await Task.WhenAny(work, delivering, Task.Delay(500, CancellationToken.None));
                Show(members());
                if (delivering.IsCompleted && !ended.IsCancellationRequested)
                {
                    throw new CommandException($"Delivery to ClickHouse has ended: {delivery.Refused}");
                }
            }

            await work;
        }

        void Show(long members)
        {
            if (Console.IsOutputRedirected) return;
            const int Width = 30;
            var full = (int)(members * Width / plan.Members);
            Console.Write(string.Create(CultureInfo.InvariantCulture,
                $"\r[{new string('#', full)}{new string('.', Width - full)}] {members,11:N0} members  {filling.Events,12:N0} events  " +
                    $"{Stopwatch.GetElapsedTime(began).TotalSeconds,5:0} s  {store.BlocksWaiting,4} blocks wait for ClickHouse "));
        }

        async Task PrepareAsync(IClickHouse client, CancellationToken cancel)
        {
            await new Migrator(client, logs.CreateLogger<Migrator>()).RunAsync(cancel);
            await new Generations(client).SwitchAsync(identity.Writer, cancel);
        }
    }

    // when the past ends stands in the store, so that what is interrupted goes on with the same one
    private static PastPlan PastOf(PrefillPlan plan, SqliteStore store)
    {
        var asked = string.Create(CultureInfo.InvariantCulture, $"{plan.Members} members, {plan.EventsPerMember} events each, " +
            $"{plan.Days} days, seed {plan.Seed}, until ");
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        if (store.Head.Commit > 0 && store.Facts[PlanFact] is null)
        {
            throw new CommandException($"{plan.Data} holds members already: prefill a new directory, or delete this one.", 2);
        }
        var kept = store.Facts.Draw(PlanFact, string.Create(CultureInfo.InvariantCulture, $"{asked}{now}"));
        if (!kept.StartsWith(asked, StringComparison.Ordinal))
        {
            throw new CommandException($"{plan.Data} was begun with another plan ({kept}): give the same, or another directory.", 2);
        }
        var to = long.Parse(kept.AsSpan(asked.Length), CultureInfo.InvariantCulture);
        return new PastPlan(plan.Members, plan.EventsPerMember, to - (plan.Days * 86_400_000L), to, plan.Seed);
    }

    private static async Task LandedAsync(SqliteStore store, ClickHouseDelivery delivery, CancellationToken stop)
    {
        var (waiting, since) = (store.BlocksWaiting, Stopwatch.GetTimestamp());
        while (store.BlocksWaiting > 0)
        {
            await Task.Delay(50, stop);
            if (store.BlocksWaiting < waiting) (waiting, since) = (store.BlocksWaiting, Stopwatch.GetTimestamp());
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new CommandException($"ClickHouse has taken nothing for {Patience.TotalMinutes} minutes " +
                    $"({delivery.State.LastError}); the same command goes on when it does.");
            }
        }
    }
}
