using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Streaming.Common.Escaping;

namespace Streaming.Common.Logs;

/// <summary>
/// One message as one line: time, level, category, text, exception. Messages contain untrusted text (ids, topics, errors of brokers):
/// control characters are escaped (<see cref="TerminalText"/>), and a line break becomes a blank. Thread-safe.
/// </summary>
public sealed class LineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    /// <summary>The formatter's name in the console options.</summary>
    public const string FormatterName = "lines";

    /// <summary>With the machine's clock.</summary>
    public LineFormatter()
        : this(TimeProvider.System)
    {
    }

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var time = clock.GetUtcNow().ToString(LogLines.TimeFormat, CultureInfo.InvariantCulture);
        var text = logEntry.Exception is null ? message : $"{message} {logEntry.Exception}";
        var source = string.Create(CultureInfo.InvariantCulture, $"{logEntry.Category}[{logEntry.EventId.Id}]");
        textWriter.Write(TerminalText.Of($"{time} {Level(logEntry.LogLevel)}: {source} {text}".ReplaceLineEndings(" ")));
        textWriter.Write('\n');
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
