using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Streaming.App.Hosting;
using Streaming.Common.CommandLine;
using Streaming.Common.Hosting;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Engine.Commits;
using Streaming.Engine.Sources;
using Streaming.Engine.Storing;
using Streaming.Kafka.Reading;
using Streaming.Ops;
using Streaming.Ops.Hosting;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.App.Installing;

/// <summary>A whole installation on this machine. Its services start in the order in which they stand
/// here, that of the flow, and stop the other way round: what is upstream stops first.</summary>
internal static class Installation
{
    // For the services together; the children end after them, when their owner is disposed of, within 6 s.
    private static readonly TimeSpan ServicesStopWithin = TimeSpan.FromSeconds(10);

    /// <summary>Runs until <paramref name="stop"/>, or until the pipeline cannot go on.</summary>
    /// <exception cref="CommandException">The pipeline has stopped by itself, or what it took in last could not be written.</exception>
    public static Task<int> RunAsync(UpSettings settings, CancellationToken stop) => RunAsync(Builder(settings, stop), settings, stop);

    /// <summary>All services of an installation, and none of them made.</summary>
    internal static HostApplicationBuilder Builder(UpSettings settings, CancellationToken stop)
    {
        var builder = ProgramHost.Create(settings, ServicesStopWithin, stop);
        AddParts(builder.Services, settings);
        AddServices(builder.Services);
        return builder;
    }

    /// <inheritdoc cref="RunAsync(UpSettings, CancellationToken)"/>
    internal static async Task<int> RunAsync(HostApplicationBuilder builder, UpSettings settings, CancellationToken stop)
    {
        using var host = builder.Build();
        host.Services.GetRequiredService<DataDirectory>();
        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Streaming").LogSettings(settings);
        var pipeline = host.Services.GetRequiredService<PipelineService>();
        try
        {
            await host.StartAsync(stop);
            await host.WaitForShutdownAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // the reason is reported below
        }

        return pipeline.Fault is { } fault ? throw new CommandException(fault.Message)
            : stop.IsCancellationRequested ? ExitCodes.Done
            : throw new CommandException("The program has stopped by itself; the log says why. Start it again.");
    }

    /// <summary>Every topic an installation needs: inputs and outputs.</summary>
    public static IReadOnlyList<string> Topics(InputTopics inputs) =>
        [.. inputs.Names.Union(OutputTopics.Names(inputs.Prefix), StringComparer.Ordinal)];

    private static void AddParts(IServiceCollection services, UpSettings settings) => services
        .AddSingleton(_ => DataDirectory.Open(settings.Data))
        .AddSingleton(s => EndpointsFile.In(s.GetRequiredService<DataDirectory>().Path))
        .AddSingleton(new InputTopics(settings.TopicPrefix))
        .AddSingleton(settings.Ops)
        .AddSingleton(settings.Telemetry)
        .AddSingleton(s => new EmbeddedParts(s.GetRequiredService<IOptions<UpSettings>>().Value,
            Topics(s.GetRequiredService<InputTopics>()), s.GetRequiredService<ILoggerFactory>()))
        .AddSingleton<IStore>(s => StoreOpening.Open(s.GetRequiredService<DataDirectory>(), settings))
        .AddSingleton(s => s.GetRequiredService<IStore>().Hosted(s.GetRequiredService<DataDirectory>(), settings))
        .AddSingleton(Wire)
        .AddSingleton<IOpsHost, EmbeddedOps>();

    private static void AddServices(IServiceCollection services) => services
        .AddSingleton<OpsService>()
        .AddSingleton<PipelineService>()
        .AddHostedService(s => s.GetRequiredService<EmbeddedParts>())
        .AddHostedService<TakeOver>()
        .AddHostedService(s => s.GetRequiredService<OpsService>()) // before anything is read: its port may be taken
        .AddHostedService(s => s.GetRequiredService<PipelineService>())
        .AddHostedService<RulesWatcher>()
        .AddHostedService<SampleService>()
        .AddHostedService<ReadyService>();

    private static EmbeddedHost Wire(IServiceProvider services)
    {
        var (inputs, parts) = (services.GetRequiredService<InputTopics>(), services.GetRequiredService<EmbeddedParts>());
        var (store, logs) = (services.GetRequiredService<HostedStore>(), services.GetRequiredService<ILoggerFactory>());
        new RunState(store.Store.Facts).GoLive(store.Store);
        return new EmbeddedHost(parts.Hosting, store, HostMode.Live with { Prefix = inputs.Prefix }, Connect, logs);

        IBatchSource Connect(EmbeddedHost made)
        {
            var (settings, head, log) = (parts.Hosting, made.Store.Head, logs.CreateLogger("Streaming.Source"));
            var watch = new PartitionWatch(settings.Kafka, inputs, parts.Identity, head, TimeProvider.System, log);
            return new LiveSource(new KafkaSource(settings.Kafka, watch, settings.Commit, log), head.Now, TimeProvider.System);
        }
    }
}
