using System.CommandLine;
using System.Globalization;

namespace Streaming.App.Commands;

/// <summary>An option that takes a TCP port of this machine: 0 (any free one, the default) to 65535.</summary>
internal static class PortOption
{
    public static Option<int> Create(string name, string description) => new(name)
    {
        Description = description + " 0 = any free one.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535)
            {
                return port;
            }

            result.AddError($"{name} takes a port, 0 to 65535, not '{result.Tokens[0].Value}'.");
            return 0;
        },
    };
}
