using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Streaming.Common.CommandLine;
using Streaming.Common.Files;
using Streaming.LocalClickHouse.Access;
using Streaming.LocalClickHouse.Confinement;
using Streaming.LocalClickHouse.Embedding;
using Streaming.LocalClickHouse.Http;

namespace Streaming.LocalClickHouse;

/// <summary>
/// How <c>local-clickhouse</c> begins: it checks its settings, runs itself again confined by the kernel
/// (<see cref="ConfinedStart"/>), takes its port, gives up the system calls that it does not need any more (<see cref="SeccompFilter"/>),
/// and loads
/// the engine last.
/// </summary>
public static class ClickHouseStart
{
    /// <summary>The option by which whoever starts it hands over the passwords.</summary>
    public const string PasswordsFromStdin = "--passwords-from-stdin";

    private const string OwnerVariable = "STREAMING_CLICKHOUSE_PASSWORD", ReaderVariable = "STREAMING_CLICKHOUSE_READER_PASSWORD";
    private const int Waiting = 512;

    /// <inheritdoc cref="ClickHouseServer.RunAsync"/>
    /// <param name="options">Settings, with passwords drawn.</param>
    /// <param name="fromStdin">Whether the passwords stand on standard input.</param>
    /// <param name="stop">Asks to stop; done within 5 seconds.</param>
    /// <exception cref="CommandException">Wrong settings, all of them named.</exception>
    public static async Task<int> RunAsync(ClickHouseOptions options, bool fromStdin, CancellationToken stop)
    {
        try
        {
            if (!ConfinedStart.Done) Confine(options, fromStdin);
            options = await WithPasswordsAsync(options);
            var socket = Listen(options);
            var spool = SpoolOf(options);
            InstallFilter();
            return await ClickHouseServer.RunAsync(options with { Port = ((IPEndPoint)socket.LocalEndPoint!).Port }, spool, socket, stop);
        }
        catch (Exception e) when (e is EngineException or PrivateDirectoryException or NativeLibraryMissingException)
        {
            return ClickHouseServer.Leave((e as IUserFailure)?.ExitCode ?? ExitCodes.Failed, e.Message);
        }
    }

    /// <summary>Runs the program again behind Landlock; returns only by an exception.</summary>
    private static void Confine(ClickHouseOptions options, bool fromStdin)
    {
        var (owner, reader) = (Environment.GetEnvironmentVariable(OwnerVariable), Environment.GetEnvironmentVariable(ReaderVariable));
        options = options with { Password = owner ?? options.Password, ReaderPassword = reader ?? options.ReaderPassword };
        var mistakes = options.Validate();
        if (mistakes.Count > 0) throw new CommandException(string.Join('\n', mistakes), ExitCodes.WrongUsage);
        var library = Engine.Library();
        PrepareDirectories(options);
        if (!fromStdin)
        {
            if (owner is null) Console.WriteLine($"user {options.User} password {options.Password}");
            if (reader is null)
                Console.WriteLine($"user {ClickHouseUsers.ReaderName} password {options.ReaderPassword} (can change nothing)");
            Console.Out.Flush();
        }

        var users = new ClickHouseUsers(options.User, options.Password, options.ReaderPassword);
        ConfinedStart.Run(
            list =>
            {
                list.Allow(options.DataDirectory, PathRights.Keep);
                list.AllowListening(options.Port);
                RuntimeFiles.Allow(list, library);
            },
            fromStdin ? [] : [PasswordsFromStdin],
            fromStdin ? null : users.ToLines());
    }

    private static async Task<ClickHouseOptions> WithPasswordsAsync(ClickHouseOptions options)
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        var (owner, reader) = (await input.ReadLineAsync(), await input.ReadLineAsync());
        ConfinedStart.ReplaceStandardInput();
        return owner is { Length: > 0 } && reader is { Length: > 0 }
            ? options with { Password = owner, ReaderPassword = reader }
            : throw new EngineException($"{PasswordsFromStdin} needs two lines on standard input: the owner's password and the reader's.");
    }

    private static void PrepareDirectories(ClickHouseOptions options)
    {
        try
        {
            PrivateDirectory.Prepare(options.DataDirectory);
            Directory.CreateDirectory(SpoolOf(options));
            new Spool(SpoolOf(options), options.MaxSpoolBytes).NewFile().Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The data directory {options.DataDirectory} cannot be written ({e.Message.TrimEnd('.')}): give " +
                "it to this user or choose another --data.", ExitCodes.WrongUsage);
        }
    }

    private static string SpoolOf(ClickHouseOptions options) => Path.Combine(options.DataDirectory, "spool");

    private static Socket Listen(ClickHouseOptions options)
    {
        var address = IPAddress.Parse(options.Listen);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, options.Port));
            socket.Listen(Waiting);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new CommandException(
                string.Create(CultureInfo.InvariantCulture, $"Port {options.Port} on {options.Listen} cannot be used ({e.Message}): " +
                    $"stop what uses it, or choose another --port (0 takes any free one)."),
                ExitCodes.WrongUsage);
        }
    }

    /// <summary>Installs the seccomp filter, which forbids new programs, processes and sockets, and logs which restrictions this kernel
    /// lacks.</summary>
    private static void InstallFilter()
    {
        List<string> missing = [.. ConfinedStart.Missing()];
        try
        {
            if (SeccompFilter.Unavailable is { } reason) missing.Add(reason);
            else SeccompFilter.Install();
        }
        catch (ConfinementException e)
        {
            missing.Add($"programs, sockets and other processes ({e.Message})");
        }

        ClickHouseServer.Say(missing.Count == 0
            ? "the kernel keeps this process to its own data: no other files, no programs, no connections outward."
            : $"NOT FULLY CONFINED; this kernel cannot restrict this process in: {string.Join("; ", missing)}.");
    }
}
