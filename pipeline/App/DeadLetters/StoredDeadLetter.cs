using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;

namespace Streaming.App.DeadLetters;

/// <summary>One message of the topic of dead letters.</summary>
/// <param name="Partition">Its partition there.</param>
/// <param name="Offset">Its offset there.</param>
/// <param name="Message">The message.</param>
internal sealed record StoredDeadLetter(int Partition, long Offset, Message<byte[]?, byte[]?> Message)
{
    /// <summary>For a mark: the dead letter it marks as sent again. Null for a dead letter.</summary>
    public (int Partition, long Offset)? Redriven
    {
        get
        {
            var at = Header(DeadLetter.Redriven).Split('@');
            return at.Length == 2 && int.TryParse(at[0], CultureInfo.InvariantCulture, out var partition)
                && long.TryParse(at[1], CultureInfo.InvariantCulture, out var offset)
                ? (partition, offset)
                : null;
        }
    }

    /// <summary>The input topic it came from; null when it names none, and is no letter of ours.</summary>
    public string? Topic => InputTopics.All.Select(InputTopics.Name).FirstOrDefault(name => name == Header(DeadLetter.Topic));

    /// <summary>The reason's name.</summary>
    public string Reason => Header(DeadLetter.Reason);

    /// <summary>Where the record stood: <c>topic/partition@offset</c>.</summary>
    public string Origin => $"{Header(DeadLetter.Topic)}/{Header(DeadLetter.Partition)}@{Header(DeadLetter.Offset)}";

    /// <summary>False when it holds only the beginning of its record.</summary>
    public bool IsWhole => Header(DeadLetter.WholeHash).Length == 0;

    /// <summary>A header of ours; ours come first, and no header of a producer is called so.</summary>
    public string Header(string name)
    {
        foreach (var header in Message.Headers ?? [])
        {
            if (header.Key == name) return Encoding.UTF8.GetString(header.GetValueBytes() ?? []);
        }

        return "";
    }

    /// <summary>The record as it was, to be sent again: without our headers, the producer's under their own names.</summary>
    public Message<byte[]?, byte[]?> Original()
    {
        var headers = new Headers();
        foreach (var header in Message.Headers ?? [])
        {
            var name = header.Key;
            if (name.StartsWith(DeadLetter.Prefix, StringComparison.Ordinal)) continue;
            headers.Add(DeadLetter.IsReserved(Encoding.UTF8.GetBytes(name)) ? name[DeadLetter.Escape.Length..] : name,
                header.GetValueBytes());
        }

        return new Message<byte[]?, byte[]?> { Key = Message.Key, Value = Message.Value, Headers = headers };
    }

    /// <summary>The message that says this letter was sent again.</summary>
    public Message<byte[]?, byte[]?> Mark() => new()
    {
        Headers = new Headers { { DeadLetter.Redriven,
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Partition}@{Offset}")) } },
    };
}
