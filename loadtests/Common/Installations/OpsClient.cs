using Streaming.Common.Settings;

namespace Streaming.Loadtests.Common.Installations;

/// <summary>A client of the ops API of the installation that a run is against.</summary>
public static class OpsClient
{
    /// <summary>A client that carries the ops API key where the settings of the program hold one (<c>Ops:ApiKey</c>:
    /// <c>STREAMING__Ops__ApiKey</c> in the environment), as an installation of the run's own takes it.</summary>
    /// <param name="timeout">How long an answer may take.</param>
    /// <param name="handler">Another handler than the default; belongs to the client.</param>
    public static HttpClient Create(TimeSpan timeout, HttpMessageHandler? handler = null)
    {
        var client = new HttpClient(handler ?? new SocketsHttpHandler()) { Timeout = timeout };
        if (SettingsSources.Read([])["Ops:ApiKey"] is { Length: > 0 } key) client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }
}
