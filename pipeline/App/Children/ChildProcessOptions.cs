namespace Streaming.App.Children;

/// <summary>What to start as a child process and how long to wait for it.</summary>
public sealed record ChildProcessOptions
{
    /// <summary>Short name that prefixes the child's log lines and error messages, for example <c>broker</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The executable: a path, or a name found in PATH.</summary>
    public required string File { get; init; }

    /// <summary>Arguments, one per element; never parsed by a shell.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Variables set for the child beside those of this process that a child gets (paths, language, how .NET runs; no settings, no
    /// keys); null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>What the child reads from its standard input: the place for secrets, since
    /// everybody can see a command line. Default nothing.</summary>
    public string Input { get; init; } = "";

    /// <summary>The child is ready when a line of its standard output contains this. Default <c>"ready "</c>.</summary>
    public string ReadyMark { get; init; } = "ready ";

    /// <summary>How long the child may take to print the line with <see cref="ReadyMark"/>. Default 2 minutes: a child that cannot start
    /// ends by itself, and a busy machine takes its time.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the child may take to end after SIGTERM before it is killed. Default 5 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The child is a program of this installation, which lies beside this one.</summary>
    /// <param name="name">The child's short name.</param>
    /// <param name="program">The program's file name without ending: <c>streaming</c> or <c>local-clickhouse</c>.</param>
    /// <param name="arguments">Its arguments. Name the data directory among them, so that whoever looks for the processes of one
    /// installation finds all of them.</param>
    public static ChildProcessOptions Beside(string name, string program, params IReadOnlyList<string> arguments)
    {
        // Run as an executable, so is the child; run as `dotnet streaming.dll`, or inside a test host, the same dotnet runs the child.
        var self = System.Environment.ProcessPath ?? "dotnet";
        var own = Path.Combine(AppContext.BaseDirectory, program);
        return Path.GetFileName(self) == "streaming"
            ? new() { Name = name, File = own, Arguments = arguments }
            : new()
            {
                Name = name,
                File = Path.GetFileName(self) == "dotnet" ? self : "dotnet",
                Arguments = [own + ".dll", .. arguments],
            };
    }
}
