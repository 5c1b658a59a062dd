using Streaming.Common.CommandLine;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Streaming.Loadtests.Common;

/// <summary>Files that people write: workloads and service levels.</summary>
public static class YamlFile
{
    /// <summary>Reads and checks one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="validate">Names everything wrong with it.</param>
    /// <exception cref="CommandException">It is not there or not valid; every error at once; exit code 2.</exception>
    public static T Read<T>(string path, Func<T, IReadOnlyList<string>> validate)
        where T : class, new()
    {
        if (path.Length == 0) throw new CommandException("An empty name names no file.", 2);
        try
        {
            var read = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build()
                .Deserialize<T?>(File.ReadAllText(path)) ?? new T();
            var errors = validate(read);
            return errors.Count == 0 ? read : throw new CommandException($"{path} cannot be used:\n  " + string.Join("\n  ", errors), 2);
        }
        catch (YamlException e)
        {
            // The library speaks of its own types where a bare word stands in place of settings.
            var reason = e.InnerException is InvalidCastException ? "settings with names are wanted here, as in \"name: value\""
                : e.InnerException?.Message ?? e.Message;
            throw new CommandException($"{path}, line {e.Start.Line}: {reason}", 2);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be read: {e.Message}", 2);
        }
    }
}
