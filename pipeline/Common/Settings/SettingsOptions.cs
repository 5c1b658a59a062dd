using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Streaming.Common.Settings;

/// <summary>A program's settings as options: bound and validated as a whole, so that every error is told at once.</summary>
/// <param name="configuration">What was given.</param>
internal sealed class SettingsOptions<T>(IConfiguration configuration) : IConfigureOptions<T>, IValidateOptions<T>
    where T : class, ISettings, new()
{
    /// <inheritdoc/>
    public void Configure(T options) => SettingsBinder.Bind(configuration, options, []);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var errors = new List<string>();
        SettingsBinder.Bind(configuration, new T(), errors);
        options.Validate(errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
