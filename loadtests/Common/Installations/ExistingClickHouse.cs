using Streaming.ClickHouse.Client;
using Streaming.Common.CommandLine;
using Streaming.Common.Settings;

namespace Streaming.Loadtests.Common.Installations;

/// <summary>A ClickHouse that runs already: its address from the command line, user and password from the settings of the
/// program.</summary>
public static class ExistingClickHouse
{
    /// <summary>The settings of a client: <c>Host:ClickHouse:User</c> and <c>Password</c>
    /// from <c>appsettings.json</c> or the environment.</summary>
    public static ClickHouseSettings At(string url)
    {
        var configured = SettingsSources.Read([]);
        return new ClickHouseSettings { Url = url, User = configured["Host:ClickHouse:User"] ?? "",
            Password = configured["Host:ClickHouse:Password"] ?? "" };
    }

    /// <summary>The same, once it has answered this user.</summary>
    /// <param name="url">What <c>--clickhouse</c> says.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="CommandException">It is no address, or nobody answers there, or not this user; exit code 2.</exception>
    public static async Task<ClickHouseSettings> ReachAsync(string url, CancellationToken stop)
    {
        Target.CheckUrl("--clickhouse", url);
        var settings = At(url);
        using var client = new ClickHouseClient(settings);
        try
        {
            await client.QueryAsync("SELECT 1", database: "default", stop: stop);
            return settings;
        }
        catch (ClickHouseException e)
        {
            throw new CommandException($"ClickHouse at {url} does not answer as needed ({e.Message.TrimEnd('.')}): is it running, is " +
                $"its address " +
                "right (--clickhouse), are user and password (Host:ClickHouse:User, Host:ClickHouse:Password)?", 2);
        }
    }
}
