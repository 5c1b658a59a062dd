using Streaming.Common.CommandLine;

namespace Streaming.Common.Settings;

/// <summary>Settings that cannot be used, among them what the files they name hold: every error at once.</summary>
/// <param name="errors">One sentence each.</param>
public sealed class SettingsException(IEnumerable<string> errors)
    : Exception("The settings cannot be used:\n" + string.Join('\n', errors.Select(e => "  " + e))), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.WrongUsage;
}
