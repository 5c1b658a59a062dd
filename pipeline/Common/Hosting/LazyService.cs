using Microsoft.Extensions.DependencyInjection;

namespace Streaming.Common.Hosting;

/// <summary>A service that is made when it is first used: for what can only be made after others have started.</summary>
internal sealed class LazyService<T>(IServiceProvider services) : Lazy<T>(services.GetRequiredService<T>)
    where T : notnull;
