namespace Streaming.Engine.Storing;

/// <summary>What Kafka or ClickHouse refused for good: kept within bounds, counted,
/// redriven or dropped by an operator. Thread-safe.</summary>
public interface IParkedItems
{
    /// <summary>How many are parked and not asked to be sent again.</summary>
    long Count { get; }

    /// <summary>Parks one item.</summary>
    /// <param name="kind"><see cref="ParkedItem.Message"/> or <see cref="ParkedItem.Block"/>.</param>
    /// <param name="target">Topic or table.</param>
    /// <param name="reason">The error that Kafka or ClickHouse gave.</param>
    /// <param name="bytes">The message as committed, or the block.</param>
    /// <returns>How many of the oldest were forgotten to make room for it.</returns>
    int Add(string kind, string target, string reason, byte[] bytes);

    /// <summary>The oldest parked items that nobody asked to be sent again.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="after">Only those with a greater number.</param>
    IReadOnlyList<ParkedItem> List(int most, long after = 0);

    /// <summary>Items an operator asked to be sent again.</summary>
    IReadOnlyList<ParkedItem> ToRedrive(string kind);

    /// <summary>Asks for an item to be sent again at the next start; false when there is none of this id.</summary>
    bool Redrive(long id);

    /// <summary>Forgets an item that was sent again or is not wanted any more; false when there is none of this id.</summary>
    bool Remove(long id);
}

/// <summary>One parked item.</summary>
public sealed record ParkedItem(long Id, string Kind, string Target, string Reason, byte[] Bytes)
{
    /// <summary>Kind of an item that was a Kafka message, as it stood in its commit.</summary>
    public const string Message = "message";

    /// <summary>Kind of an item that was a ClickHouse block.</summary>
    public const string Block = "block";
}
