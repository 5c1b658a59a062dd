using Microsoft.Extensions.Logging;

namespace Streaming.Common;

/// <summary>What every program logs. Event ids 1000 to 1999, each given once for ever.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1001, LogLevel.Information, "Setting {Setting}")]
    public static partial void SettingTaken(this ILogger log, string setting);
}
