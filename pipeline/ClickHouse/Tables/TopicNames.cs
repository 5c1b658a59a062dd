using Streaming.Members.Events;

namespace Streaming.ClickHouse.Tables;

/// <summary>Names of the input topics as rows show them.</summary>
internal static class TopicNames
{
    public static string Of(Topic topic) => topic switch
    {
        Topic.Clicks => "clicks",
        Topic.Purchases => "purchases",
        Topic.Chats => "chats",
        Topic.Members => "members",
        Topic.Signals => "signals",
        _ => throw new ArgumentOutOfRangeException(nameof(topic)),
    };
}
