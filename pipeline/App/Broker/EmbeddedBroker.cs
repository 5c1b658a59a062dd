using System.Globalization;
using System.Net;
using Streaming.App.Children;

namespace Streaming.App.Broker;

/// <summary>
/// The broker of an installation that has none of its own: <c>streaming broker</c> as a child process, started again on the same
/// port when it dies. Safe from any thread.
/// </summary>
/// <param name="options">What to run.</param>
/// <param name="log">Receives the broker's lines and what happens to it.</param>
public sealed class EmbeddedBroker(EmbeddedBrokerOptions options, ILogger<EmbeddedBroker> log) : IAsyncDisposable
{
    private ChildSupervisor? supervisor;
    private volatile Announcement? announced;

    /// <summary>What clients dial, <c>127.0.0.1:port</c>; the same over restarts.</summary>
    /// <exception cref="InvalidOperationException">Before <see cref="StartAsync"/> has returned.</exception>
    public string BootstrapServers => (announced ?? throw NotStarted()).Address;

    /// <summary>
    /// Identity of the broker's log. The mock cluster gets a new one at every start of its process, because its log is then empty and
    /// offsets begin at 0. Null for Apache Kafka, whose log is durable: ask it for topic ids (DescribeTopics).
    /// </summary>
    /// <exception cref="InvalidOperationException">Before <see cref="StartAsync"/> has returned.</exception>
    public string? Life => (announced ?? throw NotStarted()).Life;

    /// <summary>The broker's process id, or null while it is being started again.</summary>
    public int? ProcessId => supervisor?.Current?.Id;

    /// <summary>The broker's process ended by itself and is being started again. Called on a pool thread; must not throw.</summary>
    public event Action? Died;

    /// <summary>The broker takes clients again after it had died; the argument is its
    /// <see cref="Life"/>. Called on a pool thread; must not throw.</summary>
    public event Action<string?>? Restarted;

    /// <summary>Starts the broker and returns when it takes clients and has its topics.</summary>
    /// <exception cref="ChildProcessException">It did not start; the message has its own last words.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        supervisor = new ChildSupervisor(Command, log);
        supervisor.Died += _ => Died?.Invoke();
        supervisor.Started += child =>
        {
            var first = announced is null;
            announced = Announcement.Read(child.Ready);
            if (!first)
            {
                Restarted?.Invoke(announced.Life);
            }
        };
        await supervisor.StartAsync(cancellation);
    }

    /// <summary>Stops the broker; stop its clients first.</summary>
    public ValueTask DisposeAsync() => supervisor?.DisposeAsync() ?? ValueTask.CompletedTask;

    private ChildProcessOptions Command()
    {
        string[] topics = options.Topics.Count > 0 ? ["--topics", string.Join(',', options.Topics)] : [];
        string[] arguments =
        [
            "broker",
            "--data", Path.GetFullPath(options.DataDirectory),
            "--port", (announced?.Port ?? options.Port).ToString(CultureInfo.InvariantCulture),
            "--heap-mb", options.HeapMegabytes.ToString(CultureInfo.InvariantCulture),
            .. topics,
        ];
        return ChildProcessOptions.Beside("broker", "streaming", arguments) with
        {
            Environment = new Dictionary<string, string?> { [KafkaHome.Variable] = options.KafkaHome },
            // Apache Kafka is given 2 minutes to start inside, after formatting its folder, and 5 s to stop.
            ReadyTimeout = TimeSpan.FromMinutes(3),
            StopTimeout = TimeSpan.FromSeconds(6),
        };
    }

    private static InvalidOperationException NotStarted() => new("The embedded broker has not been started.");

    /// <summary>What the child's ready line says: <c>127.0.0.1:port</c>, then <c>life=…</c> when its log dies with it.</summary>
    private sealed record Announcement(string Address, int Port, string? Life)
    {
        private const string LifeMark = "life=";

        public static Announcement Read(string line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var life = words.FirstOrDefault(word => word.StartsWith(LifeMark, StringComparison.Ordinal));
            return new Announcement(words[0], IPEndPoint.Parse(words[0]).Port, life?[LifeMark.Length..]);
        }
    }
}
