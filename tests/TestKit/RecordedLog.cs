using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Streaming.TestKit;

/// <summary>Keeps the lines that are logged, by whatever category. Thread-safe.</summary>
public class RecordedLog : ILogger, ILoggerProvider
{
    /// <summary>The lines, those of a fault with its trace.</summary>
    public ConcurrentQueue<string> All { get; } = new();

    /// <summary>Whether a line has this in it.</summary>
    public bool Said(string what) => All.Any(line => line.Contains(what, StringComparison.Ordinal));

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        All.Enqueue(exception is null ? formatter(state, null) : $"{formatter(state, exception)} {exception}");

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);
}

/// <inheritdoc cref="RecordedLog"/>
/// <typeparam name="T">The category.</typeparam>
public sealed class RecordedLog<T> : RecordedLog, ILogger<T>;
