using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Streaming.Ops.Dashboards;
using Streaming.Ops.Endpoints;
using Streaming.Ops.Http;
using Streaming.Ops.Live;
using Streaming.Ops.Page;
using Streaming.Pipeline.Hosting;

namespace Streaming.Ops;

/// <summary>The ops page, its API and the health checks, in front of one host.</summary>
public sealed class OpsServer : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2);
    private readonly WebApplication app;

    private OpsServer(WebApplication app, string url)
    {
        this.app = app;
        Url = url;
    }

    /// <summary>Where it listens, with the port it was given; no slash at the end.</summary>
    public string Url { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="settings">Validated settings.</param>
    /// <param name="host">The host to show; must outlive the server.</param>
    /// <param name="logs">Where what matters is logged.</param>
    /// <param name="stop">Gives up starting.</param>
    /// <exception cref="OpsStartException">The address cannot be listened on.</exception>
    public static async Task<OpsServer> StartAsync(OpsSettings settings, IOpsHost host, ILoggerFactory logs, CancellationToken stop = default)
    {
        TryAddress(settings);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, settings));
        builder.WebHost.UseShutdownTimeout(StopWithin);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(host);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<StageReader>();
        builder.Services.AddSingleton<ClickHousePulse>();
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveFeed>());
        builder.Services.AddSingleton(DashboardLibrary.Load());
        builder.Services.AddSingleton(services => new DashboardQueries(services.GetRequiredService<DashboardLibrary>(), host.ClickHouse, settings.Dashboards));
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

        var app = builder.Build();
        Map(app, settings);
        try
        {
            await app.StartAsync(stop);
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw CannotListen(settings, e);
        }

        return new OpsServer(app, Bound(app));
    }

    /// <summary>Ends every request, the live ones too, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>Listens there for a moment: the web server would tell of a taken port with a page of its own log before its exception.</summary>
    private static void TryAddress(OpsSettings settings)
    {
        try
        {
            using var listener = new TcpListener(Listening(settings), settings.Port);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw CannotListen(settings, e);
        }
    }

    private static OpsStartException CannotListen(OpsSettings settings, Exception e) => new(string.Create(CultureInfo.InvariantCulture,
        $"The ops page cannot listen on {settings.Address}:{settings.Port}: {e.InnerException?.Message ?? e.Message}. Choose another port, or 0 for any free one."), e);

    private static IPAddress Listening(OpsSettings settings) => settings.Address == "localhost" ? IPAddress.Loopback : IPAddress.Parse(settings.Address);

    private static void Configure(KestrelServerOptions kestrel, OpsSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        kestrel.Limits.MaxConcurrentConnections = settings.MostFollowers + 400;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // Not ListenLocalhost: it cannot take "any free port".
        kestrel.Listen(Listening(settings), settings.Port);
    }

    private static void Map(WebApplication app, OpsSettings settings)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<HostGuard>();
        app.UseMiddleware<ApiKeyGuard>();
        app.UseRouting();
        app.MapHealth();
        var v1 = app.MapGroup("/v1");
        v1.MapStatus();
        v1.MapMetrics();
        v1.MapMembers();
        v1.MapLive();
        v1.MapSpan();
        v1.MapPseudonyms();
        v1.MapDashboards();
        app.MapPage();
    }

    private static string Bound(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().TrimEnd('/');
}
