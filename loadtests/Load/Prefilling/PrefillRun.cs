using System.Globalization;
using Microsoft.Extensions.Logging;
using Streaming.App.Hosting;
using Streaming.Loadtests;
using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Kafka;
using Streaming.Pipeline.Sinks.ClickHouse;
using Streaming.Pipeline.Store;

namespace Streaming.Load.Prefilling;

/// <summary>What to make.</summary>
/// <param name="Data">Data directory; must be new.</param>
/// <param name="ClickHouse">Address of ClickHouse; null starts the embedded one of that directory.</param>
/// <param name="Members">Members.</param>
/// <param name="EventsPerMember">Events of each on average, its joining included.</param>
/// <param name="Days">Days that lie behind them.</param>
/// <param name="Seed">Same seed, same past.</param>
internal sealed record PrefillPlan(string Data, string? ClickHouse, int Members, double EventsPerMember, int Days, int Seed)
{
    /// <summary>All their events.</summary>
    public long Events => (long)(Members * EventsPerMember);

    /// <summary>The lives: sessions of about a minute between events, as many side by side as that takes.</summary>
    public MemberLives Lives() => new(new LivesOptions(Members, (int)Math.Clamp(Events / (Days * 1440.0), 1, 1_000_000), Seed, Arrivals: Events));
}

/// <summary>Makes a data directory whose members have a past: through the whole pipeline but the broker, nothing sent to the outside.</summary>
/// <remarks>The directory then holds a finished replay: <c>streaming up --data</c> takes it over, and live events go on from there.</remarks>
internal static class PrefillRun
{
    private static readonly TimeSpan Landing = TimeSpan.FromMinutes(30);

    /// <summary>Runs to the end and says how long it took.</summary>
    /// <exception cref="LoadtestException">The directory is in use or not new, or the pipeline stopped.</exception>
    public static async Task RunAsync(PrefillPlan plan, CancellationToken stop)
    {
        if (File.Exists(Path.Combine(plan.Data, "state.db"))) throw new LoadtestException($"{plan.Data} holds members already: prefill a new directory, or delete this one.", 2);
        using var logs = LoggerFactory.Create(b => b.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        KafkaNative.Load();
        using var directory = DataDirectory.Open(plan.Data);
        await using var own = plan.ClickHouse is null
            ? await ChildProcess.StartAsync(ChildProcessOptions.Self("clickhouse", "clickhouse", "--data", directory.File("clickhouse"), "--port", "0"), logs.CreateLogger("ClickHouse"), stop)
            : null;
        using var store = SqliteStore.Open(directory);
        var state = new RunState(store.Facts);
        state.BeginReplay();
        // no message leaves in a replay of lives that name no author, so no broker is asked
        var settings = new HostSettings
        {
            Kafka = new KafkaSettings { Bootstrap = "127.0.0.1:1" },
            ClickHouse = new ClickHouseSettings { Url = plan.ClickHouse ?? own!.Ready.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0] },
        };
        settings.Shards.WakesPerSegment = int.MaxValue;
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using var source = new LivesSource(plan.Lives(), now - (plan.Days * 86_400_000L), now, plan.Events);
        var rules = new RulesBook(store.Facts, await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "rules.yaml"), stop));
        await using var host = new EmbeddedHost(settings, store, StoreIdentity.Of(directory, store.Facts, null), rules, new HostMode(state.Prefix, Outside: false, Current: true), _ => source, logs);
        var began = TimeProvider.System.GetTimestamp();
        host.Start();
        while (!source.Finished.IsCompleted && !host.Ended.IsCompleted)
        {
            await Task.WhenAny(source.Finished, host.Ended, Task.Delay(1000, stop));
            stop.ThrowIfCancellationRequested();
            Show();
        }

        if (host.Ended.IsCompleted) throw new LoadtestException($"The pipeline stopped: {(await host.Ended)?.Message}");
        var applied = Seconds();
        if (!await host.SettleAsync(Landing, stop)) throw new LoadtestException($"Not everything landed in ClickHouse within {Landing.TotalMinutes} minutes: {host.ClickHouse.State.LastError}");
        state.Finish();
        await host.StopAsync(TimeSpan.FromSeconds(30));
        Show();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\n{plan.Members:N0} members with {plan.Events:N0} events of {plan.Days} days in {applied:N0} s ({plan.Events / applied:N0}/s), landed and written after {Seconds():N0} s; {MachineLoad.Describe()}\nnow: streaming up --data {plan.Data} --no-sample"));

        double Seconds() => TimeProvider.System.GetElapsedTime(began).TotalSeconds;

        void Show()
        {
            if (Console.IsOutputRedirected) return;
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"\r{Seconds(),6:0} s  {source.Done,14:N0} of {plan.Events:N0} events  {host.Status.Wakes,12:N0} wakes "));
        }
    }
}
