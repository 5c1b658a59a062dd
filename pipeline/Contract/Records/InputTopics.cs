using Streaming.Members.Events;

namespace Streaming.Contract.Records;

/// <summary>The names of the input topics: the contract's own, or under a prefix: the setting TopicPrefix, or a replay's.</summary>
public sealed class InputTopics
{
    /// <summary>What the names of a replay's topics begin with.</summary>
    public const string ReplayPrefix = "replay.";

    private readonly string[] names;
    private readonly Dictionary<string, Topic> byName = new(StringComparer.Ordinal);

    /// <summary>The names under a prefix, which may be empty.</summary>
    public InputTopics(string prefix)
    {
        Prefix = prefix;
        names = [.. All.Select(t => prefix + Name(t))];
        foreach (var topic in All) byName[names[(int)topic]] = topic;
    }

    /// <summary>Every input topic, with the internal topic signals.</summary>
    public static IReadOnlyList<Topic> All { get; } = Enum.GetValues<Topic>();

    /// <summary>What every name begins with.</summary>
    public string Prefix { get; }

    /// <summary>The full names.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The contract's name of a topic.</summary>
    public static string Name(Topic topic) => topic switch
    {
        Topic.Clicks => "clicks",
        Topic.Purchases => "purchases",
        Topic.Chats => "chats",
        Topic.Members => "members",
        Topic.Signals => "signals",
        _ => throw new ArgumentOutOfRangeException(nameof(topic)),
    };

    /// <summary>The topic of a full name.</summary>
    /// <exception cref="KeyNotFoundException">It is no input topic.</exception>
    public Topic Find(string name) => byName[name];
}
