using System.Collections;

namespace Streaming.Common.Processes;

/// <summary>
/// What a child process gets of this one's environment: where programs, libraries and the user's folders are, language and time zone, and
/// how .NET runs. Everything else stays here: a child does not get keys, passwords and other exported variables.
/// </summary>
public static class ChildEnvironment
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LANG", "TZ", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "JAVA_HOME", "KAFKA_HOME",
        "STREAMING_CACHE", "STREAMING_CHDB", "STREAMING_LIBRDKAFKA", ParentWatch.ParentVariable,
    };

    private static readonly string[] Families = ["DOTNET_", "LC_"];

    /// <summary>Those of the variables that a child gets.</summary>
    public static Dictionary<string, string> Of(IDictionary variables) => variables.Cast<DictionaryEntry>()
        .Select(v => (Name: (string)v.Key, Value: v.Value as string))
        .Where(v => v.Value is not null
            && (Names.Contains(v.Name) || Array.Exists(Families, f => v.Name.StartsWith(f, StringComparison.Ordinal))))
        .ToDictionary(v => v.Name, v => v.Value!, StringComparer.Ordinal);
}
