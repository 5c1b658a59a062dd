using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Streaming.Common.CommandLine;
using Streaming.Common.Http;
using Streaming.LocalClickHouse.Access;
using Streaming.LocalClickHouse.Embedding;
using Streaming.LocalClickHouse.Http;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse;

/// <summary>
/// The program <c>local-clickhouse</c>: the ClickHouse engine behind ClickHouse's HTTP interface, in a process of its own. One line
/// <c>ready http://127.0.0.1:PORT</c> on stdout when it takes queries; everything else goes to stderr.
/// </summary>
internal static partial class ClickHouseServer
{
    /// <summary>
    /// Exit code when the engine stopped answering and only a new process helps. The supervisor starts one; the data on disk are whole.
    /// </summary>
    public const int EngineHung = 75;

    /// <summary>A stop that takes longer than this is ended by force.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Runs until cancelled, then ends the process: the engine sometimes hangs on a normal exit, so the process ends with _exit.
    /// Ends the process with <see cref="ExitCodes.Failed"/> and one sentence on stderr when it cannot start.
    /// </summary>
    /// <param name="options">Validated settings.</param>
    /// <param name="spool">Where bodies are kept until they are whole.</param>
    /// <param name="socket">Bound to the address: the seccomp filter forbids further sockets.</param>
    /// <param name="stop">Asks to stop; done within 5 seconds.</param>
    /// <returns>Never, once the engine was touched; the signature is that of every command.</returns>
    public static async Task<int> RunAsync(ClickHouseOptions options, string spool, Socket socket, CancellationToken stop)
    {
        try
        {
            var engine = new Engine(options);
            var control = await engine.ConnectAsync("control");
            var detached = await control.RunAsync(EngineDirectory.DetachFiles);
            if (detached.Error is not null)
            {
                throw new EngineException($"The ClickHouse engine keeps its database of files: {detached.Error}");
            }
            var heart = await engine.ConnectAsync("heart");
            using var readers = await ConnectionPool.OpenAsync(engine, options, "readers", options.Readers, BaseSettings.OfReadConnections);
            using var writers = await ConnectionPool.OpenAsync(engine, options, "writers", options.Writers);
            var about = await AboutAsync(control);
            var rules = new SettingRules(options);
            var callers = new UserAuthenticator(options, new WrongKeys(line => Say("refused " + line), TimeProvider.System));
            var runner = new QueryRunner(readers, writers, control, about.Version);
            var (responses, bodies) = (new Responses(about.Version, about.TimeZone), new Spool(spool, options.MaxSpoolBytes));
            var statements = new StatementRunner(options, new Gate(rules), runner, responses, bodies);
            await using var web = Build(new HttpFront(callers, rules, statements, responses, bodies, Say), socket);
            await web.StartAsync(CancellationToken.None);
            var address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            await Console.Out.WriteLineAsync($"ready {address}");
            await Console.Out.FlushAsync(CancellationToken.None);

            using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var watchdog = new Watchdog(options, () => heart.RunAsync("SELECT 1"), [readers, writers],
                reason => Leave(EngineHung, $"restart needed: {reason}."));
            var watch = watchdog.WatchAsync(watching.Token);
            await Task.WhenAny(Task.Delay(Timeout.Infinite, stop), watch);
            if (watch.IsFaulted)
            {
                Leave(EngineHung, $"restart needed: the watchdog failed: {watch.Exception.GetBaseException().Message}.");
            }
            await StopAsync(web, control);
            Leave(ExitCodes.Done, null);
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is NativeLibraryMissingException or EngineException or UnauthorizedAccessException
            or DirectoryNotFoundException or DllNotFoundException)
        {
            return Leave(ExitCodes.Failed, e.Message);
        }
    }

    private static async Task<(string Version, string TimeZone)> AboutAsync(Connection connection)
    {
        var row = await connection.RunAsync("SELECT version(), timezone()");
        var cells = System.Text.Encoding.UTF8.GetString(row.Body).TrimEnd('\n').Split('\t');
        return row.Error is null && cells.Length == 2 ? (cells[0], cells[1])
            : throw new EngineException($"The ClickHouse engine does not tell its version: {row.Error}");
    }

    private static WebApplication Build(HttpFront front, Socket socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopLimit);
        // <c>RunAsync</c> decides when to stop: the token given to RunAsync says when.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<SocketTransportOptions>(o => o.CreateBoundListenSocket = _ => socket);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Listen((IPEndPoint)socket.LocalEndPoint!, endpoint => endpoint.CloseSilent());
            // A query may stand in the URL; the longest is ClickHouse's own limit.
            k.Limits.MaxRequestLineSize = 1 << 20;
            k.Limits.MaxRequestBufferSize = 2 << 20;
            k.Limits.MaxRequestBodySize = null;
            k.Limits.MaxConcurrentConnections = 4096;
            k.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            k.Limits.KeepAliveTimeout = SilentConnections.BetweenRequests;
            // A client that stops reading would hold a connection to the engine; half a minute, as a server's send timeout.
            k.Limits.MinResponseDataRate = new MinDataRate(240, TimeSpan.FromSeconds(30));
            k.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(30));
        });
        var web = builder.Build();
        web.Run(front.HandleAsync);
        return web;
    }

    /// <summary>Waits for requests, including those whose client has disconnected, for <see cref="StopLimit"/>:
    /// queries that still run then end as in a crash.</summary>
    /// <remarks>No connection is closed: closing the last connection shuts the engine down, which can hang.</remarks>
    private static async Task StopAsync(WebApplication web, Connection control)
    {
        _ = control.RunAsync("KILL QUERY WHERE Settings['log_comment'] LIKE 'readers-%' ASYNC");
        await web.StopAsync(CancellationToken.None);
    }

    /// <summary>Ends the process at once, with a sentence on stderr when there is one.</summary>
    public static int Leave(int code, string? message)
    {
        if (message is not null)
        {
            Say(message);
        }
        Console.Out.Flush();
        Exit(code);
        return code;
    }

    /// <summary>A sentence for whoever reads stderr.</summary>
    public static void Say(string message) => Console.Error.WriteLine($"local-clickhouse: {message}");

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
