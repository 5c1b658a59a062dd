using System.Text;
using Streaming.Contract.Records;

namespace Streaming.Contract.Decoding;

/// <summary>What was said about one channel.</summary>
internal enum Answer : byte
{
    /// <summary>Nothing: null or an empty text.</summary>
    None,

    /// <summary>Yes.</summary>
    Yes,

    /// <summary>No.</summary>
    No,

    /// <summary>Anything else. Consent must be clear, so this counts as no.</summary>
    Unclear,
}

/// <summary>Reads an answer about consent as far as it can be read: a withdrawal of consent must not be lost because of its
/// spelling.</summary>
internal static class ConsentAnswer
{
    private static readonly byte[][] Yes = [.. new[] { "true", "yes", "y", "on", "1" }.Select(Encoding.UTF8.GetBytes)];
    private static readonly byte[][] No = [.. new[] { "false", "no", "n", "off", "0" }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] NotReachable = [.. new[] { "unfollowed", "blocked", "bounced" }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Reads the value that comes next, of any type, to its end.</summary>
    public static Answer Read(JsonScanner scanner)
    {
        var type = scanner.Peek();
        switch (type)
        {
            case JsonType.True or JsonType.False or JsonType.Null:
                scanner.Literal(type);
                return type switch { JsonType.True => Answer.Yes, JsonType.False => Answer.No, _ => Answer.None };
            case JsonType.Number:
                return scanner.Number(out var number) ? Of(number.Span) : Answer.None;
            case JsonType.String:
                return scanner.String(out var text) ? Of(text.Span) : Answer.None;
            case JsonType.Invalid:
                return Answer.None;
            default:
                scanner.Skip(); // An object or array counts as unclear, whatever it holds and even if it is malformed.
                return Answer.Unclear;
        }
    }

    /// <summary>Reads the value that comes next as a state of reach: followed is a yes; unfollowed, blocked and bounced are a no.</summary>
    public static Answer ReadReach(JsonScanner scanner)
    {
        var type = scanner.Peek();
        if (type != JsonType.String)
        {
            scanner.Skip();
            return type is JsonType.Null or JsonType.Invalid ? Answer.None : Answer.Unclear;
        }

        if (!scanner.String(out var text)) return Answer.None;
        var word = text.Trim().Span;
        if (word.IsEmpty) return Answer.None;
        return Ascii.EqualsIgnoreCase(word, "followed"u8) ? Answer.Yes : IsOneOf(NotReachable, word) ? Answer.No : Answer.Unclear;
    }

    private static Answer Of(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t\r\n"u8);
        if (text.IsEmpty) return Answer.None;
        if (IsOneOf(No, text)) return Answer.No;
        if (IsOneOf(Yes, text)) return Answer.Yes;
        return Money.Parse(text, out var number) == RejectReason.None
            && number is 0 or Money.Unit ? number == 0 ? Answer.No : Answer.Yes : Answer.Unclear;
    }

    private static bool IsOneOf(byte[][] words, ReadOnlySpan<byte> text)
    {
        foreach (var word in words)
        {
            if (Ascii.EqualsIgnoreCase(word, text)) return true;
        }

        return false;
    }
}
