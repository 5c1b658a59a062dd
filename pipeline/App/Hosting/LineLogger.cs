namespace Streaming.App.Hosting;

/// <summary>
/// Writes each message as one bare line to standard error. For child processes: the parent that reads the line adds who said it,
/// and its own logging adds time and level.
/// </summary>
internal sealed class LineLogger : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Console.Error.WriteLine(exception is null ? formatter(state, null) : $"{formatter(state, exception)}: {exception.Message}");
        }
    }
}
