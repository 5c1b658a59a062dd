using System.Text;
using Streaming.Common.CommandLine;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Embedding;

/// <summary>The ClickHouse engine in this process: loads the library, opens connections to one data directory. Thread-safe.</summary>
internal sealed class Engine
{
    private readonly Chdb chdb;
    private readonly ClickHouseOptions options;

    /// <summary>Loads the library; the first <see cref="Connect"/> starts the engine.</summary>
    /// <exception cref="NativeLibraryMissingException">The library is not in the cache.</exception>
    public Engine(ClickHouseOptions options)
    {
        this.options = options;
        Prepare(options.DataDirectory);
        var library = Library();
        chdb = HostSignals.Keep(() =>
        {
            var chdb = new Chdb(library);
            chdb.LeaveSignalsAlone();
            return chdb;
        });
    }

    /// <summary>Where the library is.</summary>
    /// <exception cref="NativeLibraryMissingException">It is not in the cache.</exception>
    public static string Library() => NativeCache.Require(NativeCache.Chdb, "The ClickHouse engine (libchdb.so)");

    /// <summary>Opens a connection and sets the limits that hold for all its queries.</summary>
    /// <param name="label">See <see cref="Connection.Label"/>.</param>
    /// <param name="settings">What this connection has beyond <see cref="BaseSettings"/>, for example <c>readonly</c>.</param>
    /// <exception cref="EngineException">The data directory cannot be opened, or a setting is refused.</exception>
    public async Task<Connection> ConnectAsync(string label, params (string Name, string Value)[] settings)
    {
        var connection = Connect(label);
        (string, string)[] all = [.. BaseSettings.For(options), ("log_comment", label), .. settings];
        var set = await connection.RunAsync(Settings.Set(all));
        return set.Error is null ? connection : throw new EngineException($"The ClickHouse engine refuses its own settings: {set.Error}");
    }

    private static void Prepare(string data)
    {
        try
        {
            EngineDirectory.Prepare(data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The data directory {data} cannot be written ({e.Message.TrimEnd('.')}): give it to this user or " +
                "choose another --data.");
        }
    }

    private unsafe Connection Connect(string label)
    {
        string[] arguments =
        [
            "clickhouse",
            $"--config-file={Path.Combine(AppContext.BaseDirectory, "engine.xml")}",
            $"--path={options.DataDirectory}",
            $"--max_server_memory_usage={options.MaxServerMemoryBytes}",
        ];
        var handle = (nint)HostSignals.Keep(() => (nint)Connect(arguments));
        return handle != 0 && *(nint*)handle != 0
            ? new Connection(chdb, (nint*)handle, label)
            : throw new EngineException($"ClickHouse cannot open its data in {options.DataDirectory}: another process has it open, or it " +
                $"is damaged (the engine's own line is above). Stop that process or choose another --data.");
    }

    private unsafe nint* Connect(string[] arguments)
    {
        var texts = Array.ConvertAll(arguments, a => Encoding.UTF8.GetBytes(a + '\0'));
        var total = texts.Sum(t => t.Length);
        var block = stackalloc byte[total];
        var pointers = stackalloc byte*[texts.Length];
        var at = block;
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i].CopyTo(new Span<byte>(at, texts[i].Length));
            pointers[i] = at;
            at += texts[i].Length;
        }
        return chdb.Connect(texts.Length, pointers);
    }
}

/// <summary>The engine cannot start or go on; the message says what to do.</summary>
public sealed class EngineException(string message) : Exception(message), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.Failed;
}
