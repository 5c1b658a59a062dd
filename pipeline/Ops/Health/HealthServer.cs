using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Streaming.Ops.Hosting;
using Streaming.Ops.Http;

namespace Streaming.Ops.Health;

/// <summary>The health checks on a listener of their own, so that many connections to the ops page cannot block them. One request per
/// connection.</summary>
internal sealed class HealthServer : IAsyncDisposable
{
    private const int MostConnections = 2_048;
    private readonly WebApplication app;

    private HealthServer(WebApplication app)
    {
        this.app = app;
        Url = Listening.BoundUrl(app);
    }

    /// <summary>Where it listens; no slash at the end.</summary>
    public string Url { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="OpsStartException">The address cannot be listened on.</exception>
    public static async Task<HealthServer> StartAsync(OpsSettings settings, IOpsHost host, CancellationToken stop) =>
        new(await Listening.StartAsync(() => Build(settings, host), settings, settings.HealthPort, "health listener", stop));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static WebApplication Build(OpsSettings settings, IOpsHost host)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel => Listening.Configure(kestrel, settings, settings.HealthPort, MostConnections));
        builder.WebHost.UseShutdownTimeout(Listening.RequestsEndWithin);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(host);
        builder.Services.AddSingleton(TimeProvider.System);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Response.Headers.Connection = "close";
            context.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        app.MapHealth();
        return app;
    }
}
