using Microsoft.Extensions.Configuration;

namespace Streaming.Common.Settings;

/// <summary>Where settings come from.</summary>
public static class SettingsSources
{
    /// <summary>Reads appsettings.json beside the program, the one in the current folder, the environment
    /// (<c>STREAMING__Ops__Port</c>) and by the command line; the later counts.</summary>
    /// <param name="overrides">What the command line says, by setting path.</param>
    /// <exception cref="SettingsException">A file is not JSON, or cannot be read.</exception>
    public static IConfiguration Read(IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
                .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
                .AddEnvironmentVariables("STREAMING__")
                .AddInMemoryCollection(overrides)
                .Build();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([e.GetBaseException() == e ? e.Message : $"{e.Message} {e.GetBaseException().Message}"]);
        }
    }
}
