using System.CommandLine;
using System.Text.Json;
using Streaming.Common.CommandLine;

namespace Streaming.Loadtests.Common.Installations;

/// <summary>The installation a run is against: one that runs already, or one of the run's own.</summary>
/// <param name="endpoints">Where it listens.</param>
/// <param name="own">The run's own, or null.</param>
public sealed class Target(Endpoints endpoints, OwnInstallation? own) : IAsyncDisposable
{
    private static readonly Option<string> Data = new("--data") { Description = "Data directory of a running `streaming up` that is to " +
        "be measured. By default the run starts a pipeline of its own and removes all of it at the end.", HelpName = "DIR" };
    private static readonly Option<string> Kafka = new("--kafka") { Description = "Bootstrap servers of your Kafka, on which a pipeline " +
        "of the run's own has its own topics; by default an Apache Kafka is started (KAFKA_HOME).", HelpName = "HOST:PORT" };
    private static readonly Option<string> ClickHouse = new("--clickhouse") { Description =
        "HTTP address of your ClickHouse, in which a pipeline of the run's own has its own database; by default the embedded one " +
        "is started.", HelpName = "URL" };
    private static readonly Option<string> Ops = new("--ops") { Description = "HTTP address of the ops page of a running pipeline that " +
        "is to be measured, with its --kafka and --clickhouse. The run's events stay in it.", HelpName = "URL" };
    private static readonly Option<string> Folder = new("--folder") { Description = "Where an installation of the run's own keeps its " +
        "files meanwhile: the disk to be measured.", HelpName = "DIR", DefaultValueFactory = _ => Path.GetTempPath() };

    /// <summary>The options that choose it.</summary>
    public static IReadOnlyList<Option> Options { get; } = [Data, Kafka, ClickHouse, Ops, Folder];

    /// <summary>Where it listens.</summary>
    public Endpoints Endpoints => endpoints;

    /// <summary>True when the run started it and may choose its rules.</summary>
    public static bool IsOwn(ParseResult parsed) => parsed.GetValue(Data) is null && parsed.GetValue(Ops) is null;

    /// <summary>Finds or starts the installation that a command line names.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="rules">Rules of an installation of the run's own; null: the shipped ones.</param>
    /// <param name="stop">Ends the start.</param>
    /// <exception cref="CommandException">The options contradict each other, or nothing runs there.</exception>
    public static async Task<Target> OpenAsync(ParseResult parsed, string? rules, CancellationToken stop)
    {
        var (kafka, clickhouse) = (parsed.GetValue(Kafka), parsed.GetValue(ClickHouse));
        if (kafka is not null) await ExistingKafka.ReachAsync(kafka, stop);
        if (clickhouse is not null) await ExistingClickHouse.ReachAsync(clickhouse, stop);
        if (parsed.GetValue(Ops) is { } page) CheckUrl("--ops", page);
        switch (parsed.GetValue(Data), parsed.GetValue(Ops))
        {
            case ({ } data, null) when kafka is null && clickhouse is null:
                return new Target(OfData(data), null);
            case (null, { } ops) when kafka is not null && clickhouse is not null:
                return new Target(new Endpoints(kafka, clickhouse, ops.TrimEnd('/')), null);
            case (null, null):
                Console.WriteLine("starting a pipeline of the run's own …");
                var own = await OwnInstallation.StartAsync(new OwnInstallationOptions(parsed.GetValue(Folder)!, kafka, clickhouse, rules),
                    stop);
                Console.WriteLine($"it has topics {own.TopicPrefix}* on {own.Endpoints.Kafka}, database {own.Database} at " +
                    $"{own.Endpoints.ClickHouse}, all removed at the end");
                return new Target(own.Endpoints, own);
            default:
                throw new CommandException("Name a running pipeline by --data alone, or by --ops with its --kafka and --clickhouse; " +
                    "without --data and --ops the run starts its own, on --kafka and --clickhouse if given.", 2);
        }
    }

    /// <summary>Refuses what is no address of an HTTP server.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="url">What it says.</param>
    /// <exception cref="CommandException">It is none; exit code 2.</exception>
    public static void CheckUrl(string option, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            || (parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps))
            throw new CommandException($"{option} is \"{url}\"; it must be an http:// or https:// address.", 2);
    }

    private static Endpoints OfData(string data)
    {
        try
        {
            return Endpoints.Read(data);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IOException
            or UnauthorizedAccessException)
        {
            throw new CommandException($"--data: the endpoints.json in {data} cannot be read as `streaming up` writes it: {e.Message}", 2);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
