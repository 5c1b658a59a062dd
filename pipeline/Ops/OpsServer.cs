using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Streaming.Common.Http;
using Streaming.Ops.Dashboards;
using Streaming.Ops.Endpoints;
using Streaming.Ops.Health;
using Streaming.Ops.Hosting;
using Streaming.Ops.Http;
using Streaming.Ops.Live;
using Streaming.Ops.Page;
using Streaming.Ops.Telemetry;

namespace Streaming.Ops;

/// <summary>The ops page, its API and the health checks, in front of one host.</summary>
public sealed class OpsServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HealthServer health;
    private readonly TelemetryExport telemetry;

    private OpsServer(WebApplication app, HealthServer health, TelemetryExport telemetry)
    {
        this.app = app;
        this.health = health;
        this.telemetry = telemetry;
        Url = Listening.BoundUrl(app);
    }

    /// <summary>Where it listens, with the port it was given; no slash at the end.</summary>
    public string Url { get; }

    /// <summary>Where the health checks have a listener of their own; no slash at the end.</summary>
    public string HealthUrl => health.Url;

    /// <summary>Starts listening, and sends telemetry if the settings name a collector.</summary>
    /// <param name="settings">Validated settings.</param>
    /// <param name="sending">Validated settings.</param>
    /// <param name="host">The host to show; must outlive the server.</param>
    /// <param name="logs">Where what matters is logged.</param>
    /// <param name="stop">Gives up starting.</param>
    /// <exception cref="OpsStartException">The address cannot be listened on.</exception>
    public static async Task<OpsServer> StartAsync(OpsSettings settings, TelemetrySettings sending, IOpsHost host, ILoggerFactory logs,
        CancellationToken stop = default)
    {
        var health = await HealthServer.StartAsync(settings, host, stop);
        host.Status.Sampling.Ratio = sending.TraceRatio;
        host.Status.Metrics.Observe(host.Report,
            status => Readiness.Reasons(status, settings, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).Count == 0);
        var telemetry = new TelemetryExport(sending, host.Status, logs);
        try
        {
            return new OpsServer(
                await Listening.StartAsync(() => Build(settings, host, telemetry, logs), settings, settings.Port, "ops page", stop),
                health, telemetry);
        }
        catch
        {
            await health.DisposeAsync();
            telemetry.Dispose();
            throw;
        }
    }

    /// <summary>Ends every request, the live ones too, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await Task.Run(telemetry.Dispose);
        await health.DisposeAsync();
    }

    private static WebApplication Build(OpsSettings settings, IOpsHost host, TelemetryExport telemetry, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel => Listening.Configure(kestrel, settings, settings.Port, settings.MostFollowers + 400));
        builder.WebHost.UseShutdownTimeout(Listening.RequestsEndWithin);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(host);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new WrongKeys(logs.CreateLogger("Streaming.Ops").KeysRefused, TimeProvider.System));
        builder.Services.AddSingleton<StageReader>();
        builder.Services.AddSingleton<ClickHousePulse>();
        builder.Services.AddSingleton<Sampler>();
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveFeed>());
        builder.Services.AddSingleton(DashboardLibrary.Load());
        builder.Services.AddSingleton(services =>
            new DashboardQueries(services.GetRequiredService<DashboardLibrary>(), host.ClickHouse, settings.Dashboards));
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        var app = builder.Build();
        Map(app, telemetry);
        return app;
    }

    private static void Map(WebApplication app, TelemetryExport telemetry)
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
        telemetry.Map(v1);
        v1.MapMembers();
        v1.MapLive();
        v1.MapSpan();
        v1.MapPseudonyms();
        v1.MapDashboards();
        app.MapPage();
    }
}
