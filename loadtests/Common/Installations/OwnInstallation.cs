using System.Collections;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.App.Broker;
using Streaming.App.Children;
using Streaming.ClickHouse.Client;
using Streaming.Common.CommandLine;
using Streaming.Common.Logs;

namespace Streaming.Loadtests.Common.Installations;

/// <summary>What an installation of a run's own is made of.</summary>
/// <param name="Folder">Where its folder is made.</param>
/// <param name="Kafka">Somebody's Kafka, on which it has topics of its own; null: an Apache Kafka of its own.</param>
/// <param name="ClickHouse">Somebody's ClickHouse, in which it has a database of its own; null: an embedded one of its own.</param>
/// <param name="Rules">Text of its rules file; null: the shipped one.</param>
public sealed record OwnInstallationOptions(string Folder, string? Kafka = null, string? ClickHouse = null, string? Rules = null);

/// <summary>An installation that a run starts for itself as <c>streaming up</c> makes them. Nothing of it is left at its end.</summary>
/// <remarks>
/// State and logs, and a broker and ClickHouse of its own, lie in a folder that goes with it. On somebody's Kafka its topics begin with
/// <c>load-RUN.</c>, in somebody's ClickHouse its database is <c>load_RUN</c>: both are removed, and nothing else is touched.
/// </remarks>
public sealed class OwnInstallation : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo folder;
    private readonly OwnInstallationOptions parts;
    private readonly ILoggerFactory logs;
    private readonly string run = RunNames.NewRun();
    private ChildProcess? program;

    private OwnInstallation(OwnInstallationOptions parts)
    {
        this.parts = parts;
        folder = OutputFile.Folder("--folder", parts.Folder, RunNames.Folder(run));
        // standard output is for the figures
        logs = LoggerFactory.Create(b => b.AddLines().AddFilter("Streaming", LogLevel.Warning));
    }

    /// <summary>What the names of its topics begin with.</summary>
    public string TopicPrefix => RunNames.TopicPrefix(run);

    /// <summary>Its database in ClickHouse.</summary>
    public string Database => RunNames.Database(run);

    /// <summary>Where it listens.</summary>
    public Endpoints Endpoints { get; private set; } = new("", "", "");

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <exception cref="CommandException">There is no Apache Kafka for it.</exception>
    /// <exception cref="ChildProcessException">It did not become ready.</exception>
    public static async Task<OwnInstallation> StartAsync(OwnInstallationOptions parts, CancellationToken stop)
    {
        if (parts.Kafka is null && new EmbeddedBrokerOptions { DataDirectory = parts.Folder }.KafkaHome is null)
        {
            throw new CommandException(
                "A run of its own needs an Apache Kafka: set KAFKA_HOME to a distribution, give one that runs (--kafka), or say where an " +
                    "installation runs (--data). The embedded mock cluster keeps 5 MB per partition and forgets the rest.", 2);
        }

        var own = new OwnInstallation(parts);
        try
        {
            own.program = await ChildProcess.StartAsync(own.Program(), own.logs.CreateLogger("Streaming"), stop);
            own.Endpoints = Endpoints.Read(own.folder.FullName);
            return own;
        }
        catch
        {
            await own.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it and removes everything that is its own. What cannot be removed is said on standard error, with its name.</summary>
    public async ValueTask DisposeAsync()
    {
        if (program is not null) await program.DisposeAsync();
        if (parts.Kafka is { } kafka)
        {
            await SayAsync(RunLeftovers.RemoveTopicsAsync(kafka, run), $"The topics {TopicPrefix}* could not be removed from {kafka} and " +
                $"are left there");
        }
        if (parts.ClickHouse is { } clickhouse)
        {
            await SayAsync(RunLeftovers.RemoveDatabaseAsync(clickhouse, run), $"The database {Database} could not be dropped at " +
                $"{clickhouse} and is left there");
        }
        logs.Dispose();
        folder.Delete(recursive: true);
    }

    private static async Task SayAsync(Task removal, string failure)
    {
        try
        {
            await removal;
        }
        catch (Exception e) when (e is KafkaException or ClickHouseException)
        {
            await Console.Error.WriteLineAsync($"{failure}: {e.Message}");
        }
    }

    private ChildProcessOptions Program()
    {
        List<string> arguments = ["up", "--data", folder.FullName, "--no-sample"];
        if (parts.Kafka is { } kafka) arguments.AddRange(["--kafka", kafka]);
        if (parts.ClickHouse is { } clickhouse) arguments.AddRange(["--clickhouse", clickhouse]);
        if (parts.Rules is { } rules)
        {
            var file = Path.Combine(folder.FullName, "rules.yaml");
            File.WriteAllText(file, rules);
            arguments.AddRange(["--rules", file]);
        }

        // A child gets no settings of this process by itself; this one is to be as the person who starts it has set.
        var settings = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(v => ((string)v.Key).StartsWith("STREAMING__", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(v => (string)v.Key, v => (string?)v.Value);
        (settings["STREAMING__TopicPrefix"], settings["STREAMING__Host__ClickHouse__Database"]) = (TopicPrefix, Database);
        return ChildProcessOptions.Beside("streaming", "streaming", arguments) with
        {
            Environment = settings,
            ReadyMark = "ready ops=", // log lines hold the word too
            ReadyTimeout = Patience,
            StopTimeout = TimeSpan.FromSeconds(30),
        };
    }
}
