using Confluent.Kafka;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Migrating;
using Streaming.Common.CommandLine;
using Streaming.Common.Hosting;
using Streaming.Common.Settings;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;
using Streaming.Ops;
using Streaming.Silo.ClickHouse;
using Streaming.Silo.Sending;

namespace Streaming.Silo.Hosting;

/// <summary>One silo from its start to its end.</summary>
/// <remarks>
/// It leaves in the order of the flow: reading stops, what is on its way is made durable, the others are told, what is durable is sent, the
/// outbox is given back. What is not sent in time is sent by whoever takes the outbox next.
/// </remarks>
internal static class SiloRun
{
    private static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(4);

    /// <summary>Runs until <paramref name="stop"/>, or until the silo cannot go on.</summary>
    /// <exception cref="SettingsException">The database, the broker's settings or a port cannot be used: nothing was begun.</exception>
    /// <exception cref="StoreException">The database went away at the start, or the silo was away for longer than its lease.</exception>
    public static async Task RunAsync(SiloSettings settings, CancellationToken stop)
    {
        using var logs = LoggerFactory.Create(ProgramHost.AddLogging);
        var log = logs.CreateLogger("Streaming");
        log.LogSettings(settings);
        KafkaNative.Load();
        await using var truth = await OpenedCluster.OpenAsync(settings, stop);
        log.RulesInForce(truth.Rules.Current.Version, truth.Rules.Current.Input.Earliest);
        await BrokerReach.CheckAsync(settings.Kafka, BrokerReach.Start, log, stop);
        await EnsureTopicsAsync(settings.Kafka);

        using var tables = new ClusterTables(truth.Storage, truth.Identity.Writer.Generation, logs.CreateLogger<Migrator>());
        using var status = new HostStatus();
        var parts = new OutboxSenderParts
        {
            Outboxes = truth.Storage.Outboxes,
            Settings = settings.Sending,
            Kafka = settings.Kafka,
            ClickHouse = settings.ClickHouse,
            Sender = settings.Sender,
            Blocks = settings.Blocks,
            Generation = truth.Identity.Writer.Generation,
            Prepare = tables.PrepareAsync,
            Sending = status.Latest.Add,
            Metrics = status.Metrics,
            Logs = logs,
        };
        var outbox = await SiloOutbox.ClaimAsync(parts, $"{Environment.MachineName}/{Environment.ProcessId}", status, stop);
        try
        {
            await RunHostAsync(settings, truth, outbox, stop);
        }
        finally
        {
            if (outbox.Lost.IsCancellationRequested) await outbox.DisposeAsync();
            else await outbox.StopAsync(SendWithin);
        }

        if (outbox.Senders.Fault is { } fault)
        {
            throw new SiloStartException($"The silo cannot send from its outbox and has stopped: {fault.Message}", fault);
        }
        if (outbox.Lost.IsCancellationRequested)
            throw new StoreException("Another silo has taken this silo's outbox, since its lease was not renewed in time: the database " +
                "was away, or this machine stood still. Start it again; raise Sending:Lease if this happens often.", false);
        if (!stop.IsCancellationRequested)
        {
            throw new SiloStartException("The silo has stopped by itself; the log says why. Start it again.");
        }
    }

    private static async Task RunHostAsync(SiloSettings settings, OpenedCluster truth, SiloOutbox outbox, CancellationToken stop)
    {
        using var host = SiloHost.Build(settings, truth, outbox, stop);
        using var lost = outbox.Lost.Register(host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication);
        try
        {
            await host.StartAsync(stop);
        }
        catch (OpsStartException)
        {
            await host.StopAsync(CancellationToken.None); // it has joined already
            throw;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return; // why the start was given up is told at the end
        }
        catch (AddressInUseException)
        {
            throw new SettingsException([$"The silo cannot listen on {settings.Silo.Address}:{settings.Silo.Port}, where another program " +
                $"listens: choose another port (Silo:Port), or 0 for a free one."]);
        }

        await host.WaitForShutdownAsync(CancellationToken.None);
    }

    private static async Task EnsureTopicsAsync(KafkaSettings kafka)
    {
        using var admin = new AdminClientBuilder(kafka.Admin()).SetLogHandler((_, _) => { }).Build();
        var inputs = new InputTopics("");
        await TopicSetup.EnsureAsync(admin, [.. inputs.Names.Union(OutputTopics.Names(""), StringComparer.Ordinal)], kafka.Partitions);
    }
}

/// <summary>The silo cannot start, or has stopped by itself: the message is one sentence that says what to do.</summary>
public sealed class SiloStartException(string message, Exception? inner = null) : Exception(message, inner), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.Failed;
}
