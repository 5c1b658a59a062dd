using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Streaming.Common.Settings;

/// <summary>Reads and validates a program's settings.</summary>
public static class SettingsReader
{
    /// <summary>Reads and validates all settings.</summary>
    /// <param name="configuration">What was given (<see cref="SettingsSources"/>).</param>
    /// <param name="more">What else is validated with them, such as the files they name.</param>
    /// <exception cref="SettingsException">Every error, one per line.</exception>
    public static T Read<T>(IConfiguration configuration, params IEnumerable<IValidateOptions<T>> more)
        where T : class, ISettings, new()
    {
        var options = new SettingsOptions<T>(configuration);
        try
        {
            return new OptionsFactory<T>([options], [], [options, .. more]).Create(Options.DefaultName);
        }
        catch (OptionsValidationException e)
        {
            throw new SettingsException(e.Failures);
        }
    }
}
