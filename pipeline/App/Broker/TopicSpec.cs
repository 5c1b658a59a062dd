using System.Globalization;

namespace Streaming.App.Broker;

/// <summary>A topic that the embedded broker makes at its start when it is missing.</summary>
/// <param name="Name">Letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 249.</param>
/// <param name="Partitions">1 to 1024.</param>
/// <param name="MaxMessageBytes">The largest record batch the topic takes; null for the broker's
/// default (1 MiB). The mock broker has no limit per topic.</param>
public sealed record TopicSpec(string Name, int Partitions, int? MaxMessageBytes = null)
{
    private const int MostPartitions = 1024;
    private const int LongestName = 249;

    /// <summary>The form on the command line: <c>name:partitions</c> or <c>name:partitions:maxMessageBytes</c>.</summary>
    public override string ToString() => MaxMessageBytes is { } bytes
        ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{Partitions}:{bytes}")
        : string.Create(CultureInfo.InvariantCulture, $"{Name}:{Partitions}");

    /// <summary>Reads a comma-separated list, for example <c>clicks:4,dead-letters:1:2097152</c>.</summary>
    /// <param name="list">The list; empty for no topics.</param>
    /// <param name="topics">The topics read before the first mistake.</param>
    /// <param name="error">The first mistake as a sentence, or null.</param>
    public static bool TryParseList(string list, out List<TopicSpec> topics, out string? error)
    {
        topics = [];
        error = null;
        foreach (var item in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (TryParse(item) is not { } topic)
            {
                error = $"'{item}' is not name:partitions or name:partitions:maxMessageBytes (partitions 1 to {MostPartitions}).";
                return false;
            }

            if (topics.Any(other => other.Name == topic.Name))
            {
                error = $"'{topic.Name}' is named twice.";
                return false;
            }

            topics.Add(topic);
        }

        return true;
    }

    private static TopicSpec? TryParse(string item)
    {
        var parts = item.Split(':');
        var wellNamed = parts[0].Length is > 0 and <= LongestName && parts[0].All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_'
            or '-');
        if (!wellNamed || parts.Length is < 2 or > 3 || !TryCount(parts[1], out var partitions) || partitions > MostPartitions)
        {
            return null;
        }

        return parts.Length == 2 ? new TopicSpec(parts[0], partitions)
            : TryCount(parts[2], out var bytes) ? new TopicSpec(parts[0], partitions, bytes)
            : null;
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;
}
