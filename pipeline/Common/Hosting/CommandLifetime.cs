using Microsoft.Extensions.Hosting;

namespace Streaming.Common.Hosting;

/// <summary>A host lifetime that ends with its command. Signals are handled by the command line.</summary>
internal sealed class CommandLifetime(IHostApplicationLifetime application, CancellationToken stop) : IHostLifetime, IDisposable
{
    private readonly CancellationTokenRegistration registration = stop.Register(application.StopApplication);

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => registration.Dispose();
}
