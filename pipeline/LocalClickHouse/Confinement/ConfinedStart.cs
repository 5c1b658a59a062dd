using System.Runtime.InteropServices;
using System.Text;
using Streaming.Common.Processes;
using Streaming.LocalClickHouse.Embedding;

namespace Streaming.LocalClickHouse.Confinement;

/// <summary>
/// Runs this program again in the same process (<c>execve</c>), restricted by Landlock. Landlock restricts the calling thread and the
/// program it becomes; the threads that .NET has started before would stay free. The program that follows gets the environment of a child
/// (<see cref="ChildEnvironment"/>) and nothing else.
/// </summary>
internal static unsafe partial class ConfinedStart
{
    /// <summary>Environment variable for the restarted program: the restrictions that are missing, or empty.</summary>
    private const string Variable = "STREAMING_CONFINED";

    private const int NoNewPrivileges = 38;
    private const int StandardInput = 0, StandardError = 2;
    private const uint CloseOnExecute = 4;

    /// <summary>True in the program that follows.</summary>
    public static bool Done => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>
    /// Runs the program again with the same command line and <paramref name="added"/>; it reads <paramref name="input"/> from its standard
    /// input when there is one. Returns only by an exception.
    /// </summary>
    /// <exception cref="EngineException">The program cannot be run again.</exception>
    public static void Run(Action<Landlock> allow, IReadOnlyList<string> added, string? input)
    {
        Exception? failure = null;
        // A thread of its own: if execve fails, the restriction ends with the thread.
        var thread = new Thread(() =>
        {
            try
            {
                // Files that the starting process left open are closed at execve. Those of the Landlock list are opened after this.
                if (CloseRange(StandardError + 1, uint.MaxValue, CloseOnExecute) != 0)
                {
                    throw new EngineException($"Open files cannot be let go: {Marshal.GetLastPInvokeErrorMessage()}.");
                }

                var missing = Restrict(allow);
                if (input is not null) PutOnStandardInput(input);
                Execute(added, missing);
            }
            catch (Exception e) when (e is EngineException or IOException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        throw failure ?? new EngineException("The program could not be run again.");
    }

    /// <summary>What the kernel does not keep from this process, one phrase each; empty when all restrictions are active.</summary>
    public static IReadOnlyList<string> Missing()
    {
        List<string> missing = [.. (Environment.GetEnvironmentVariable(Variable) ?? "files and ports")
            .Split(';', StringSplitOptions.RemoveEmptyEntries)];
        if (missing.Count == 0 && CanList("/")) missing.Add("files and ports");
        return missing;
    }

    /// <summary>
    /// Replaces standard input by /dev/null: the passwords on it could otherwise be read again through <c>/proc</c>.: what stood on it,
    /// passwords, could be read again by its path in <c>/proc</c>.
    /// </summary>
    /// <exception cref="EngineException">The kernel refuses.</exception>
    public static void ReplaceStandardInput()
    {
        using var nothing = File.OpenHandle("/dev/null");
        if (Duplicate((int)nothing.DangerousGetHandle(), StandardInput) >= 0) return;
        throw new EngineException($"The standard input cannot be let go: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    private static bool CanList(string folder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(folder).Any();
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Restrict(Action<Landlock> allow)
    {
        var version = Landlock.Version();
        if (version < Landlock.OldestVersion) return "files and ports (the kernel has no Landlock 2)";
        try
        {
            using var list = Landlock.Create(version);
            allow(list);
            if (PrCtl(NoNewPrivileges, 1, 0, 0, 0) != 0) throw new ConfinementException($"prctl: {Marshal.GetLastPInvokeErrorMessage()}");
            list.Restrict();
            return string.Join(';', Landlock.Missing(version));
        }
        catch (ConfinementException e)
        {
            return $"files and ports ({e.Message})";
        }
    }

    private static void PutOnStandardInput(string input)
    {
        // A file in memory: a pipe would have to be read while it is written, and everybody can see a command line.
        var file = CreateMemoryFile("input", 0);
        var bytes = Encoding.UTF8.GetBytes(input);
        fixed (byte* first = bytes)
        {
            if (file < 0 || Write(file, first, (nuint)bytes.Length) != bytes.Length || Seek(file, 0, 0) != 0
                || Duplicate(file, StandardInput) < 0)
            {
                throw new EngineException($"Passwords cannot be handed on: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }

        _ = Close(file);
    }

    private static void Execute(IReadOnlyList<string> added, string missing)
    {
        var program = Environment.ProcessPath!;
        string[] arguments = [.. File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0'), .. added];
        var environment = ChildEnvironment.Of(Environment.GetEnvironmentVariables());
        environment[Variable] = missing;
        // The runtime's debugging and tracing ports: files in /tmp, by which others of this user could get in.
        environment["DOTNET_EnableDiagnostics"] = "0";
        if (RuntimeFiles.Root is { } root) environment["DOTNET_ROOT"] = root;
        _ = ExecuteProgram(program, Pointers(arguments), Pointers(environment.Select(v => $"{v.Key}={v.Value}")));
        throw new EngineException($"{program} cannot be run again: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>Null-terminated; never freed, since the program that holds them ends with the call they are for.</summary>
    private static nint[] Pointers(IEnumerable<string> texts) => [.. texts.Select(Marshal.StringToCoTaskMemUTF8), 0];

    [LibraryImport("libc", EntryPoint = "execve", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ExecuteProgram(string path, nint[] arguments, nint[] environment);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int file, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial nint Seek(int file, nint offset, int from);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "close_range", SetLastError = true)]
    private static partial int CloseRange(uint first, uint last, uint flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int PrCtl(int option, nuint a, nuint b, nuint c, nuint d);
}
