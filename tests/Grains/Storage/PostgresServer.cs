using System.Diagnostics;
using Npgsql;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Storage;

/// <summary>One server for all tests that do not stop it: they are of one collection. Started at first use.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly Lazy<Task<PostgresServer>> server = new(PostgresServer.StartAsync);

    /// <summary>The server; skips the test where there can be none.</summary>
    public Task<PostgresServer> ServerAsync()
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        return server.Value;
    }

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (server.IsValueCreated) await (await server.Value).DisposeAsync();
    }
}

/// <summary>The tests that share a server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresFixture>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "postgres";
}

/// <summary>A PostgreSQL server of the tests' own, in a folder of its own, reached through a socket there: no port that another could take.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static int schemas;
    private readonly string directory;
    private Process? process;

    private PostgresServer(string directory) => this.directory = directory;

    /// <summary>Why there can be none on this machine, or null.</summary>
    public static string? Missing { get; } = Bin("initdb") is null ? "PostgreSQL (Debian's package postgresql) is not installed" : null;

    /// <summary>A connection string with an empty schema of its own as its search path.</summary>
    public async Task<string> NewSchemaAsync()
    {
        var name = $"t{Environment.ProcessId}_{Interlocked.Increment(ref schemas)}";
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand($"CREATE SCHEMA {name}");
        await command.ExecuteNonQueryAsync();
        return $"{ConnectionString};Search Path={name}";
    }

    /// <summary>How it is reached, in its database <c>postgres</c>.</summary>
    public string ConnectionString => $"Host={directory};Username=postgres;Database=postgres;Maximum Pool Size=20";

    /// <summary>Starts a server on a new folder.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("streaming-pg-").FullName;
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "postgres", directory);
        await RunAsync(Bin("initdb")!, "-D", Path.Combine(directory, "data"), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C");
        var server = new PostgresServer(directory);
        await server.UpAsync();
        return server;
    }

    /// <summary>Starts it (again) on its folder and waits until it answers.</summary>
    public async Task UpAsync()
    {
        Launch();
        await Until.TrueAsync(async () =>
        {
            try
            {
                await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false;Timeout=5");
                await connection.OpenAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                if (process!.HasExited) Launch(); // backends of a killed server may take a moment to go, and it waits for none of them
                return false;
            }
        }, TimeSpan.FromSeconds(60));
    }

    /// <summary>Ends it by SIGKILL, as a crash would, and all its backends with it.</summary>
    public async Task KillAsync()
    {
        process!.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        File.Delete(Path.Combine(directory, "data", "postmaster.pid"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false }) await KillAsync();
        process?.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private void Launch()
    {
        process?.Dispose();

        // fsync off: a killed server loses nothing by it, a machine without power would.
        process = StreamingProgram.Spawn(AsPostgres(
            Bin("postgres")!, "-D", Path.Combine(directory, "data"), "-c", "listen_addresses=", "-c", $"unix_socket_directories={directory}",
            "-c", "fsync=off", "-c", "max_connections=100"));
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    private static string? Bin(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(d => Path.Combine(d, "bin")) : [];
        return folders.Concat(debian).Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists);
    }

    private static async Task RunAsync(string file, params string[] arguments)
    {
        using var process = StreamingProgram.Spawn(file == "chown" ? new ProcessStartInfo(file, arguments) { RedirectStandardError = true, RedirectStandardOutput = true } : AsPostgres(file, arguments));
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{file} ended with code {process.ExitCode}: {string.Concat(said)}");
    }

    /// <summary>PostgreSQL refuses to run as root. It dies with the tests, however they end.</summary>
    private static ProcessStartInfo AsPostgres(string file, params string[] arguments)
    {
        string[] user = Environment.IsPrivilegedProcess ? ["--reuid=postgres", "--regid=postgres", "--init-groups"] : [];
        return new ProcessStartInfo("setpriv", [.. user, "--pdeathsig=KILL", file, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
    }
}
