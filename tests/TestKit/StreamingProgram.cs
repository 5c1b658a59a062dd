using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Streaming.TestKit;

/// <summary>Finds the built <c>streaming</c> program and starts it as a process of its own, as its users do.</summary>
public static class StreamingProgram
{
    /// <summary>
    /// The kernel kills a child when the thread that forked it ends, if the child asked for that: so one long-lived thread starts all
    /// processes.
    /// </summary>
    private static readonly BlockingCollection<Action> Spawner = StartSpawner();

    /// <summary>The folder with <c>Streaming.sln</c>, above the running tests.</summary>
    public static string Repository => SourceTree.Root;

    /// <summary>The program <c>streaming</c>, built in the same configuration as the tests.</summary>
    public static string Assembly { get; } = FindAssembly("streaming");

    /// <summary>Starts the program; it dies with the tests, however they end. Standard output
    /// and error are redirected; the caller reads them.</summary>
    /// <param name="arguments">The subcommand and its options.</param>
    /// <param name="environment">Variables beyond those of this process.</param>
    public static Process Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        Start(Assembly, arguments, environment);

    /// <summary>Starts the program <c>local-clickhouse</c>, which lies beside <c>streaming</c>.</summary>
    /// <inheritdoc cref="Start(IEnumerable{string}, ValueTuple{string, string}[])"/>
    public static Process StartClickHouse(IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        Start(FindAssembly("local-clickhouse"), arguments, environment);

    private static Process Start(string assembly, IEnumerable<string> arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardOutput = true,
            RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        start.Environment["STREAMING_PARENT"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return Spawn(start);
    }

    /// <summary>Starts a process from a thread that stays, so that one that asks to die with
    /// its parent does not die with a thread of the pool.</summary>
    public static Process Spawn(ProcessStartInfo start)
    {
        var spawn = new Task<Process?>(() => Process.Start(start));
        Spawner.Add(spawn.RunSynchronously);
        return spawn.GetAwaiter().GetResult() ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
    }

    private static BlockingCollection<Action> StartSpawner()
    {
        var requests = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var request in requests.GetConsumingEnumerable())
            {
                request();
            }
        })
        { IsBackground = true, Name = "spawner" }.Start();
        return requests;
    }

    private static string FindAssembly(string name)
    {
        // …/tests/X/bin/Debug/net10.0/ → pipeline/App/bin/Debug/net10.0/streaming.dll
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(Repository, "pipeline", "App", "bin", output.Parent!.Name, output.Name, name + ".dll");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not built: run dotnet build pipeline/App.");
    }
}
