using System.Globalization;
using Microsoft.Extensions.Logging;
using Streaming.App.Broker;
using Streaming.App.Hosting;

namespace Streaming.Loadtests;

/// <summary>An installation that a run starts for itself: broker, ClickHouse and pipeline as <c>streaming up</c> makes them, in a folder of its own that goes with it.</summary>
/// <remarks>Nothing of the run is left: topics, tables, state and logs all lie in that folder.</remarks>
public sealed class OwnInstallation : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo folder;
    private readonly ILoggerFactory logs;
    private ChildProcess? program;

    private OwnInstallation(DirectoryInfo folder)
    {
        this.folder = folder;
        // standard output is for the figures
        logs = LoggerFactory.Create(b => b.AddSimpleConsole(o => o.SingleLine = true).AddFilter("Streaming", LogLevel.Warning));
    }

    /// <summary>Where it listens.</summary>
    public Endpoints Endpoints { get; private set; } = new("", "", "");

    /// <summary>Starts one below <paramref name="under"/> and waits until it is ready.</summary>
    /// <exception cref="LoadtestException">There is no Apache Kafka for it.</exception>
    /// <exception cref="ChildProcessException">It did not become ready.</exception>
    public static async Task<OwnInstallation> StartAsync(string under, CancellationToken stop)
    {
        if (new EmbeddedBrokerOptions { DataDirectory = under }.KafkaHome is null)
        {
            throw new LoadtestException(
                "A run of its own needs an Apache Kafka: set KAFKA_HOME to a distribution, or say where an installation runs (--data, or --kafka and --clickhouse). The embedded mock cluster keeps 5 MB per partition and forgets the rest.", 2);
        }

        var run = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture);
        var own = new OwnInstallation(Directory.CreateDirectory(Path.Combine(Path.GetFullPath(under), $"load-{run}")));
        try
        {
            var start = ChildProcessOptions.Self("streaming", "up", "--data", own.folder.FullName, "--no-sample") with { ReadyTimeout = Patience, StopTimeout = TimeSpan.FromSeconds(30) };
            own.program = await ChildProcess.StartAsync(start, own.logs.CreateLogger("Streaming"), stop);
            own.Endpoints = Endpoints.Read(own.folder.FullName);
            return own;
        }
        catch
        {
            await own.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (program is not null) await program.DisposeAsync();
        logs.Dispose();
        folder.Delete(recursive: true);
    }
}
