using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.App.Hosting;
using Streaming.Common.CommandLine;
using Streaming.Common.Logs;
using Streaming.Engine.Rules;
using Streaming.Engine.Sources;
using Streaming.Kafka.Reading;
using Streaming.Loadtests.Common.Installations;
using Streaming.Loadtests.Ladder.Measuring;
using Streaming.Members.Events;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.Loadtests.Ladder.Rungs;

/// <summary>The whole pipeline as it runs live, with default settings: commits on disk, effects
/// to Kafka and signals back, aggregates in ClickHouse.</summary>
/// <remarks>It is done when every event is durable, every message is acknowledged by Kafka, and every row stands in ClickHouse.</remarks>
internal static class PipelineRung
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Runs it once over all events and checks what landed.</summary>
    public static Task<RungResult> RunAsync(RungContext context, CancellationToken stop) => OpenAsync(context, async host =>
    {
        var meter = new Meter();
        host.Start();
        var first = 0.0;
        await WaitAsync(host, () => First(host, meter, ref first) >= context.Events / 2, stop);
        meter.BeginSecondHalf(Sent(host));
        await WaitAsync(host, () => Sent(host) >= context.Events, stop);
        var (durable, second) = (meter.Seconds, meter.Since(Sent(host)));
        await LandAsync(host, stop);
        var result = meter.Stop("pipeline", Sent(host), string.Create(CultureInfo.InvariantCulture,
            $"all durable after {durable:0.0} s ({context.Events / durable:N0}/s), then landed; {host.Durable:N0} commits, " +
                $"{All(host) - Sent(host):N0} signals back, {host.Status.Effects:N0} effects, {host.Status.Wakes:N0} wakes"));
        await CheckLandedAsync(host, stop);
        await host.StopAsync(TimeSpan.FromSeconds(10));
        return result with { SecondHalf = second, FirstAfter = first };
    });

    /// <summary>Runs it until half of the events are durable, prints what it measured, and dies as by kill -9.</summary>
    public static Task<RungResult> RunHalfAsync(RungContext context, CancellationToken stop) => OpenAsync(context, async host =>
    {
        var meter = new Meter();
        host.Start();
        var first = 0.0;
        await WaitAsync(host, () => First(host, meter, ref first) >= context.Events / 2, stop);
        var result = meter.Stop("killed", Sent(host), "") with { FirstAfter = first };
        Console.WriteLine(JsonSerializer.Serialize(result));
        Process.GetCurrentProcess().Kill();
        return result;
    });

    /// <summary>Runs it on what a killed process left, to the end of the topics and of what was due by then.</summary>
    public static Task<RungResult> RunRestAsync(RungContext context, CancellationToken stop) => OpenAsync(context, async host =>
    {
        var meter = new Meter();
        host.Start();
        var first = 0.0;
        await WaitAsync(host, () => First(host, meter, ref first) > 0 && host.Source.Lag == 0, stop);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await WaitAsync(host, () => host.NextDue > now, stop);
        await LandAsync(host, stop);
        var result = meter.Stop("restarted", Sent(host), "");
        await host.StopAsync(TimeSpan.FromSeconds(10));
        return result with { FirstAfter = first };
    });

    private static async Task<RungResult> OpenAsync(RungContext context, Func<EmbeddedHost, Task<RungResult>> run)
    {
        var url = context.ClickHouse ?? throw new CommandException("This rung needs --clickhouse.", 2);
        // standard output is for the figures
        using var logs = LoggerFactory.Create(b =>
            b.AddLines().AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning));
        var settings = new HostSettings { Kafka = context.Kafka,
            ClickHouse = ExistingClickHouse.At(url) with { Database = RungContext.Database(context.Prefix) } };
        using var directory = DataDirectory.Open(context.Store);
        using var store = SqliteStore.Open(directory);
        var identity = DirectoryIdentity.Of(directory, store.Facts, null);
        using var admin = new AdminClientBuilder(settings.Kafka.Admin()).SetLogHandler((_, _) => { }).Build();
        await using var host = new EmbeddedHost(
            settings, new HostedStore(store, identity, new RulesBook(store.Facts, context.RulesText)),
            new HostMode(context.Prefix, SendsEffects: true, Current: true),
            Connect, logs);
        return await run(host);

        IBatchSource Connect(EmbeddedHost made)
        {
            var (head, log) = (made.Store.Head, logs.CreateLogger("Streaming.Source"));
            var watch = new PartitionWatch(settings.Kafka, context.Topics, new BrokerTopicIdentity(admin), head, TimeProvider.System, log);
            return new LiveSource(new KafkaSource(settings.Kafka, watch, settings.Commit, log), head.Now, TimeProvider.System);
        }
    }

    /// <summary>Signals come back as inputs; when none is on its way any more, what is in the store is all there will be.</summary>
    private static async Task LandAsync(EmbeddedHost host, CancellationToken stop)
    {
        await WaitAsync(host, () => host.Source.Lag == 0 && host.Messages.Sent >= host.Durable, stop);
        if (!await host.SettleAsync(Patience, stop))
        {
            throw new CommandException($"Not everything landed in ClickHouse within {Patience.TotalMinutes} minutes: " +
                $"{host.ClickHouse.State.LastError}");
        }
    }

    private static long First(EmbeddedHost host, Meter meter, ref double first)
    {
        var sent = Sent(host);
        if (sent > 0 && first == 0) first = meter.Age;
        return sent;
    }

    private static async Task WaitAsync(EmbeddedHost host, Func<bool> done, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        while (!done())
        {
            if (host.Ended.IsCompleted) throw new CommandException($"The pipeline stopped: {(await host.Ended)?.Message}");
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>Events of the input topics that were applied, each once; signals of the pipeline's own left out.</summary>
    private static long Sent(EmbeddedHost host) => host.Status.Applied().Where(k => k.Key.Topic() != Topic.Signals).Sum(k => k.Value);

    private static long All(EmbeddedHost host) => host.Status.Applied().Values.Sum();

    private static async Task CheckLandedAsync(EmbeddedHost host, CancellationToken stop)
    {
        var landed = long.Parse(await host.ClickHouse.Client.QueryAsync("SELECT sum(events) FROM activity", stop: stop),
            CultureInfo.InvariantCulture);
        if (landed != All(host)) throw new CommandException($"ClickHouse holds {landed:N0} events, the pipeline applied {All(host):N0}.");
    }
}
