using System.CommandLine;
using Streaming.Common.Settings;

namespace Streaming.Silo.Commands;

/// <summary>Which database a command means that needs no more settings than that.</summary>
internal static class CommandDatabase
{
    private const string Setting = "Storage:Postgres";

    /// <summary>The connection string of the command line, else of the environment or appsettings.json.</summary>
    /// <exception cref="SettingsException">None of them names one.</exception>
    public static string Of(ParseResult parsed, Option<string> postgres)
    {
        var given = parsed.GetValue(postgres) ?? SettingsSources.Read([])[Setting];
        return string.IsNullOrEmpty(given) ? throw new SettingsException([$"{Setting} is empty; give the connection string of the " +
            $"cluster's database (--postgres)."]) : given;
    }
}
