using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;

namespace Streaming.Loadtests.Common.Installations;

/// <summary>Names of the topics, database and folder of a run. Nobody else uses such names, so that what a killed run left can be
/// recognised.</summary>
public static partial class RunNames
{
    private static readonly HashSet<string> Topics = [.. new InputTopics("").Names, .. OutputTopics.Names("")];

    /// <summary>The number of a run that begins now: its start, epoch milliseconds in hex.</summary>
    public static string NewRun() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString("x11", CultureInfo.InvariantCulture);

    /// <summary>When a run began.</summary>
    public static DateTimeOffset Began(string run) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(run, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    /// <summary>What the names of its topics begin with.</summary>
    public static string TopicPrefix(string run) => $"load-{run}.";

    /// <summary>Its database in ClickHouse.</summary>
    public static string Database(string run) => $"load_{run}";

    /// <summary>Name of its folder.</summary>
    public static string Folder(string run) => $"load-{run}";

    /// <summary>The run whose topic this is: its prefix and one of the pipeline's own names; null for anybody else's.</summary>
    public static string? OfTopic(string name) =>
        name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && Topics.Contains(name[(dot + 1)..]) ? OfFolder(name[..dot]) : null;

    /// <summary>The run whose database this is, or null.</summary>
    public static string? OfDatabase(string name) => Run(DatabaseName().Match(name));

    /// <summary>The run whose folder this is, or null.</summary>
    public static string? OfFolder(string name) => Run(FolderName().Match(name));

    private static string? Run(Match match) => match.Success ? match.Groups[1].Value : null;

    [GeneratedRegex(@"\Aload_([0-9a-f]{11})\z")]
    private static partial Regex DatabaseName();

    [GeneratedRegex(@"\Aload-([0-9a-f]{11})\z")]
    private static partial Regex FolderName();
}
