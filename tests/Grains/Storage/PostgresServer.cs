using System.Diagnostics;
using Npgsql;
using Streaming.LocalClickHouse.Embedding;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Storage;

/// <summary>One server for all tests that do not stop it: they are of one collection. It is the one that <c>STREAMING_TEST_POSTGRES</c>
/// gives as a connection string, else one of their own, started at first use.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private static readonly string? Given =
        Environment.GetEnvironmentVariable("STREAMING_TEST_POSTGRES") is { Length: > 0 } given ? given : null;
    private readonly Lazy<Task<PostgresServer>> server =
        new(() => Given is null ? PostgresServer.StartAsync() : Task.FromResult(PostgresServer.At(Given)));

    /// <summary>The server; skips the test where there can be none.</summary>
    public Task<PostgresServer> ServerAsync()
    {
        Skip.If(Given is null && PostgresServer.Missing is not null, PostgresServer.Missing);
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

/// <summary>A PostgreSQL server of the tests' own, in a folder of its own, reached through a socket there: no port that another could
/// take. Or one that was given, of which schemas are taken and dropped again, and which is neither started nor stopped.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly string directory;
    private readonly List<string> made = [];
    private Process? process;

    private PostgresServer(string directory, string connection) => (this.directory, ConnectionString) = (directory, connection);

    // Numeric, so that the name need not be in the system's list of users.
    private const string Nobody = "65534";
    private static readonly string Installed = Path.Combine(NativeCache.Root, "native", "postgres-18.4.0");

    /// <summary>Why there can be none on this machine, or null.</summary>
    public static string? Missing { get; } = Directory.Exists(Installed) ? null : $"PostgreSQL is not in {Installed}: deploy/setup " +
        "fetches it on x86-64";

    /// <summary>A connection string with an empty schema of its own as its search path.</summary>
    public async Task<string> NewSchemaAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand($"CREATE SCHEMA {name}");
        await command.ExecuteNonQueryAsync();
        lock (made) made.Add(name);
        return $"{ConnectionString};Search Path={name}";
    }

    /// <summary>How it is reached; one of the tests' own in its database <c>postgres</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>A server that runs already.</summary>
    public static PostgresServer At(string connection) => new("", $"{connection};Maximum Pool Size=20");

    /// <summary>Starts a server on a new folder.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("streaming-pg-").FullName;
        var server = new PostgresServer(directory, $"Host={directory};Username=postgres;Database=postgres;Maximum Pool Size=20");
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL refuses to run as root, and whom it runs as instead may not look into root's cache.
            await RunAsync(new("cp", ["-r", Installed, server.Programs]));
            await RunAsync(new("chown", ["-R", $"{Nobody}:{Nobody}", directory]));
        }

        await RunAsync(server.Run("initdb", "-D", Path.Combine(directory, "data"), "-U", "postgres", "-A", "trust", "--no-sync", "-E",
            "UTF8", "--locale=C"));
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
        if (directory.Length == 0)
        {
            await DropAsync();
            return;
        }

        if (process is { HasExited: false }) await KillAsync();
        process?.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private async Task DropAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        foreach (var name in made)
        {
            await using var command = source.CreateCommand($"DROP SCHEMA {name} CASCADE");
            await command.ExecuteNonQueryAsync();
        }
    }

    private string Programs => Environment.IsPrivilegedProcess ? Path.Combine(directory, "programs") : Installed;

    private void Launch()
    {
        process?.Dispose();

        // fsync off: a killed server loses nothing by it, a machine without power would.
        var start = Run(
            "postgres", "-D", Path.Combine(directory, "data"), "-c", "listen_addresses=", "-c", $"unix_socket_directories={directory}",
            "-c", "fsync=off", "-c", "max_connections=100");
        Redirect(start);
        process = StreamingProgram.Spawn(start);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>A program of PostgreSQL's. It dies with the tests, however they end.</summary>
    private ProcessStartInfo Run(string program, params string[] arguments)
    {
        string[] user = Environment.IsPrivilegedProcess ? [$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"] : [];
        return new ProcessStartInfo("setpriv",
            [.. user, "--pdeathsig=KILL", Path.Combine(Programs, "bin", program), .. arguments]) { WorkingDirectory = "/" };
    }

    private static void Redirect(ProcessStartInfo start) => start.RedirectStandardError = start.RedirectStandardOutput = true;

    private static async Task RunAsync(ProcessStartInfo start)
    {
        Redirect(start);
        using var process = StreamingProgram.Spawn(start);
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with code " +
                $"{process.ExitCode}: {string.Concat(said)}");
    }
}
