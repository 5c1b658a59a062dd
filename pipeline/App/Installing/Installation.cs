using Streaming.App.Hosting;
using Streaming.App.Sample;
using Streaming.Common.CommandLine;
using Streaming.Common.Logs;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Engine.Commits;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Kafka.Reading;
using Streaming.Ops;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.App.Installing;

/// <summary>A whole installation on this machine: started in the order of the flow, stopped
/// in the same order, so that what is upstream stops first.</summary>
internal static class Installation
{
    // The children are given up to 6 s after it: everything together ends within 10 s, also when none of them answers.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2);

    /// <summary>Runs until <paramref name="stop"/>, or until the pipeline cannot go on.</summary>
    public static async Task<int> RunAsync(UpSettings settings, CancellationToken stop)
    {
        using var logs = LoggerFactory.Create(b =>
            b.AddLines().SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning));
        var log = logs.CreateLogger("Streaming");
        using var directory = Open(settings);
        using var endpoints = new EndpointsFile(directory.Path);
        endpoints.Clear();
        foreach (var line in settings.Effective()) log.SettingTaken(line);

        var inputs = new InputTopics(settings.TopicPrefix);
        await using var parts = await EmbeddedParts.StartAsync(settings, Topics(inputs), logs, stop);
        var hosting = settings.Host with { ClickHouse = parts.Apply(settings.Host.ClickHouse) };
        await TakeOver.RunIfReplayAsync(settings, hosting, directory, logs, stop);
        using var store = SqliteStore.Open(directory, settings.Host.Parked);
        var identity = DirectoryIdentity.Of(directory, store.Facts, settings.PseudonymKey.Length > 0 ? settings.PseudonymKey : null);
        var rules = new RulesBook(store.Facts, settings.RulesText);
        log.RulesInForce(rules.Current.Version, rules.Current.Input.Earliest);
        new RunState(store.Facts).GoLive();
        await using var host = new EmbeddedHost(
            hosting, store, identity, rules, HostMode.Live with { Prefix = inputs.Prefix },
            made => LiveSource.Connect(hosting.Kafka, inputs, parts.Identity, made.Store.Head, hosting.Commit, TimeProvider.System,
                logs.CreateLogger("Streaming.Source")),
            logs);
        // before anything is read: its port may be taken
        await using var ops = await OpsServer.StartAsync(settings.Ops, settings.Telemetry, new EmbeddedOps(host), logs, stop);
        host.Start();
        // what is printed below can be tried at once
        await Task.WhenAny(host.ClickHouse.Prepared, host.Ended, Task.Delay(Timeout.InfiniteTimeSpan, stop));
        await using var sample = settings.Sample && parts.OwnsBroker
            ? SampleTraffic.Start(hosting.Kafka, inputs.Prefix, settings.SampleRate, parts.Forgetful ? host : null,
            logs.CreateLogger("Streaming.Sample")) : null;
        using var watcher = new RulesWatcher(settings.RulesPath, rules, logs.CreateLogger("Streaming.Rules"));
        endpoints.Write(parts, ops, settings);
        Welcome.Print(parts, ops.Url, settings);

        var ended = await Task.WhenAny(host.Ended, Task.Delay(Timeout.InfiniteTimeSpan, stop));
        if (ended == host.Ended) throw new CommandException((await host.Ended)!.Message);
        log.Stopping();
        if (sample is not null) await sample.DisposeAsync();
        await host.StopAsync(StopWithin);
        return await host.Ended is { } unwritten ? throw new CommandException(unwritten.Message) : ExitCodes.Done;
    }

    /// <summary>The data directory, held by this process from here on.</summary>
    /// <exception cref="CommandException">It cannot be used; nothing was begun.</exception>
    public static DataDirectory Open(UpSettings settings)
    {
        try
        {
            return DataDirectory.Open(settings.Data);
        }
        catch (StoreException e)
        {
            throw new CommandException(e.Message, ExitCodes.WrongUsage);
        }
    }

    /// <summary>Every topic an installation needs: inputs and outputs.</summary>
    public static IReadOnlyList<string> Topics(InputTopics inputs) =>
        [.. inputs.Names.Union(OutputTopics.Names(inputs.Prefix), StringComparer.Ordinal)];
}
