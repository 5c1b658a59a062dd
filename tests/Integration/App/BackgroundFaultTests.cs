using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.App.Installing;
using Streaming.Common.CommandLine;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.App;

/// <summary>A service in the background that fails for a reason nobody foresaw ends the program, which says so.</summary>
public sealed class BackgroundFaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_ends_with_exit_code_1_and_the_log_names_the_service(bool whileStarting)
    {
        using var files = new TemporaryDirectory();
        await using var clickhouse = await EmbeddedClickHouse.StartAsync();
        var settings = UpSettings.Read(new Dictionary<string, string?>
        {
            ["Data"] = files.Path, ["Sample"] = "false", ["Host:ClickHouse:Url"] = clickhouse.Settings.Url,
            ["Host:ClickHouse:User"] = clickhouse.Settings.User, ["Host:ClickHouse:Password"] = clickhouse.Settings.Password,
        });
        using var log = new RecordedLog();
        var builder = Installation.Builder(settings, CancellationToken.None);
        builder.Logging.AddProvider(log);
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(s =>
            new FailingService(s.GetRequiredService<IHostApplicationLifetime>(), whileStarting)));

        var ended = await Assert.ThrowsAsync<CommandException>(() =>
            Installation.RunAsync(builder, settings, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2)));

        Assert.Equal((ExitCodes.Failed, 1), (ended.ExitCode, ended.ExitCode));
        Assert.Contains("has stopped by itself; the log says why", ended.Message, StringComparison.Ordinal);
        Assert.Contains(log.All, line => line.Contains(nameof(FailingService), StringComparison.Ordinal)
            && line.Contains("nobody foresaw", StringComparison.Ordinal));
    }

    private sealed class FailingService(IHostApplicationLifetime application, bool atOnce) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            if (!atOnce) await Task.Delay(Timeout.Infinite, application.ApplicationStarted).ContinueWith(_ => { }, TaskScheduler.Default);
            throw new InvalidDataException("a reason that nobody foresaw");
        }
    }
}
