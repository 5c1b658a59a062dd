using Streaming.Pipeline.Settings;
using Streaming.Pipeline.Sinks.ClickHouse;

namespace Streaming.Loadtests;

/// <summary>A ClickHouse that runs already, as whoever starts a run knows it: its address from the command line, user and password from the
/// settings of the program.</summary>
public static class GivenClickHouse
{
    /// <summary>The settings of a client: <c>Host:ClickHouse:User</c> and <c>Password</c> from <c>appsettings.json</c> or the
    /// environment.</summary>
    public static ClickHouseSettings At(string url)
    {
        var configured = SettingsSources.Read([]);
        return new ClickHouseSettings { Url = url, User = configured["Host:ClickHouse:User"] ?? "",
            Password = configured["Host:ClickHouse:Password"] ?? "" };
    }
}
