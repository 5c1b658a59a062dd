using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Streaming.Common.Logs;

/// <summary>How every program of this system writes its log: a line per message on standard
/// output, with its time in UTC to the millisecond.</summary>
public static class LogLines
{
    /// <summary>Format of a time: ISO 8601 in UTC, so that lines of several machines sort by it.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Adds the lines.</summary>
    public static ILoggingBuilder AddLines(this ILoggingBuilder logging) => logging
        .AddConsole(options => options.FormatterName = LineFormatter.FormatterName)
        .AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
}
