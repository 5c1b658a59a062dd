using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Streaming.Ops;

namespace Streaming.App.Installing;

/// <summary>Tells where everything listens, once it does: in <c>endpoints.json</c> and on the terminal.</summary>
internal sealed class ReadyService(IOptions<UpSettings> options, EmbeddedParts parts, OpsService ops, EndpointsFile endpoints)
    : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        endpoints.Write(parts, ops.Server, options.Value);
        Welcome.Print(parts, ops.Server.Url, options.Value);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
