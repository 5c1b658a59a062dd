using System.CommandLine;
using Npgsql;
using Streaming.Common.Settings;
using Streaming.Engine.Storing;
using Streaming.Silo.Storage.Postgres;

namespace Streaming.Silo.Commands;

/// <summary>The database a command works on that needs no more settings than that. Silos may run meanwhile.</summary>
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

    /// <summary>Opens it, and brings its tables about.</summary>
    /// <exception cref="SettingsException">It does not answer, or not to this user.</exception>
    public static async Task<NpgsqlDataSource> OpenAsync(string connection, CancellationToken stop)
    {
        var source = await PostgresSettings.ReachAsync(connection, stop);
        try
        {
            await PostgresSchema.ApplyAsync(source, stop);
            return source;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does something with what is parked in it, in all outboxes.</summary>
    public static async Task UseParkedAsync(string connection, Action<IParkedItems> act, CancellationToken stop)
    {
        await using var source = await OpenAsync(connection, stop);
        act(new PostgresParkedItems(source, null));
    }
}
