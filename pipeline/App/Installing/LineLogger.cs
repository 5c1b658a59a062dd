using System.Globalization;
using Streaming.Common.Logs;
using Streaming.Common.Processes;

namespace Streaming.App.Installing;

/// <summary>
/// Writes each message as one line to standard error. For the parts that can be child processes: a parent process adds its name, time and
/// level to the line; without a parent the line begins with the time.
/// </summary>
internal sealed class LineLogger : ILogger
{
    private readonly bool timed = Environment.GetEnvironmentVariable(ParentWatch.ParentVariable) is null;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var time = timed ? DateTime.UtcNow.ToString(LogLines.TimeFormat, CultureInfo.InvariantCulture) + " " : "";
        Console.Error.WriteLine(exception is null ? $"{time}{formatter(state, null)}" : $"{time}{formatter(state, exception)}: " +
            $"{exception.Message}");
    }
}
