using System.CommandLine;

namespace Streaming.Loadtests;

/// <summary>The installation a run is against: one that runs already, or one of the run's own.</summary>
/// <param name="endpoints">Where it listens.</param>
/// <param name="own">The run's own, or null.</param>
public sealed class Target(Endpoints endpoints, OwnInstallation? own) : IAsyncDisposable
{
    private static readonly Option<string> Data = new("--data") { Description = "Data directory of a running `streaming up`. Without it and --kafka, the run starts an installation of its own (KAFKA_HOME) and removes it.", HelpName = "DIR" };
    private static readonly Option<string> Kafka = new("--kafka") { Description = "Bootstrap servers, instead of --data.", HelpName = "HOST:PORT" };
    private static readonly Option<string> ClickHouse = new("--clickhouse") { Description = "HTTP address of ClickHouse, with --kafka.", HelpName = "URL" };
    private static readonly Option<string> Ops = new("--ops") { Description = "HTTP address of the ops page, with --kafka; without it lag and the limiting stage are unknown.", HelpName = "URL" };
    private static readonly Option<string> Folder = new("--folder") { Description = "Where an installation of the run's own keeps its files meanwhile: the disk to be measured.", HelpName = "DIR", DefaultValueFactory = _ => Path.GetTempPath() };

    /// <summary>The options that choose it.</summary>
    public static IReadOnlyList<Option> Options { get; } = [Data, Kafka, ClickHouse, Ops, Folder];

    /// <summary>Where it listens.</summary>
    public Endpoints Endpoints => endpoints;

    /// <summary>Finds or starts the installation that a command line names.</summary>
    /// <exception cref="LoadtestException">The options contradict each other, or nothing runs there.</exception>
    public static async Task<Target> OpenAsync(ParseResult parsed, CancellationToken stop)
    {
        switch (parsed.GetValue(Data), parsed.GetValue(Kafka), parsed.GetValue(ClickHouse))
        {
            case ({ } data, null, null):
                return new Target(Endpoints.Read(data), null);
            case (null, { } kafka, { } clickhouse):
                return new Target(new Endpoints(kafka, clickhouse, parsed.GetValue(Ops) ?? ""), null);
            case (null, null, null):
                Console.WriteLine("starting an installation of the run's own …");
                var own = await OwnInstallation.StartAsync(parsed.GetValue(Folder)!, stop);
                return new Target(own.Endpoints, own);
            default:
                throw new LoadtestException("Say where the installation is by --data, or by --kafka and --clickhouse; or by none of them for one of the run's own.", 2);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
