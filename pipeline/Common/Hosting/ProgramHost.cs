using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streaming.Common.Logs;
using Streaming.Common.Settings;

namespace Streaming.Common.Hosting;

/// <summary>How a program that runs until it is told to stop is hosted.</summary>
public static class ProgramHost
{
    /// <summary>A host with nothing in it but validated settings, log lines, and the command it belongs to.</summary>
    /// <typeparam name="T">The settings.</typeparam>
    /// <param name="settings">They are logged when the host starts.</param>
    /// <param name="stopWithin">A stop that takes longer is ended by force.</param>
    /// <param name="stop">Stops the host; the command line cancels it on Ctrl-C and SIGTERM.</param>
    public static HostApplicationBuilder Create<T>(T settings, TimeSpan stopWithin, CancellationToken stop)
        where T : class, ISettings
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        AddLogging(builder.Logging);
        builder.Services.AddSingleton(Options.Create(settings));
        builder.Services.AddSingleton<IHostLifetime>(s =>
            new CommandLifetime(s.GetRequiredService<IHostApplicationLifetime>(), stop));
        builder.Services.AddTransient(typeof(Lazy<>), typeof(LazyService<>));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = stopWithin);
        return builder;
    }

    /// <summary>Logs the effective values, secrets masked.</summary>
    public static void LogSettings(this ILogger log, ISettings settings)
    {
        foreach (var line in settings.Effective()) log.SettingTaken(line);
    }

    /// <summary>What a program logs: its own lines from information on, other people's from warnings on.</summary>
    public static void AddLogging(ILoggingBuilder logging) => logging
        .AddLines().SetMinimumLevel(LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning).AddFilter("Orleans", LogLevel.Warning)
        // only critical lines: a failed start is reported by the command itself
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
}
