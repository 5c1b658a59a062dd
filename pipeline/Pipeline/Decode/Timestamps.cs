using System.Buffers.Text;

namespace Streaming.Pipeline.Decode;

/// <summary>Times as the contract allows them: RFC 3339, or whole epoch milliseconds.</summary>
internal static class Timestamps
{
    /// <summary>The earliest time of an event, 1970-01-02 UTC: seconds sent by mistake instead of milliseconds fall before it.</summary>
    public const long Earliest = Day;

    /// <summary>How far a time may lie after the record's Kafka timestamp, for clocks that run ahead.</summary>
    public const long MaxAhead = 3_600_000;

    private const long Day = 86_400_000;

    /// <summary>Reads either form.</summary>
    /// <param name="text">For example <c>2026-03-01T09:30:00.250+01:00</c> or <c>1772353800250</c>.</param>
    /// <param name="at">Epoch milliseconds; digits after the millisecond are cut off.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long at)
    {
        at = 0;
        if (text.Length > 10 && text[4] == '-') return TryParseRfc3339(text, out at);
        return Utf8Parser.TryParse(text, out at, out var consumed) && consumed == text.Length && text[0] != '+';
    }

    /// <summary>Whether an event of that time may come in a record of that Kafka timestamp.</summary>
    public static RejectReason Check(long at, long recordTimestamp) =>
        at < Earliest ? RejectReason.AtTooEarly : at - MaxAhead > recordTimestamp ? RejectReason.AtInFuture : RejectReason.None;

    /// <summary>True for a day of the proleptic Gregorian calendar.</summary>
    public static bool IsDate(int year, int month, int day) =>
        year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);

    private static bool TryParseRfc3339(ReadOnlySpan<byte> text, out long at)
    {
        at = 0;
        if (text.Length < 20 || text[7] != '-' || text[13] != ':' || text[16] != ':' || ((text[10] | 0x20) != 't' && text[10] != ' ')) return false;
        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day) || !IsDate(year, month, day)) return false;
        if (!Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second)) return false;

        // A leap second (60) counts as the first instant of the next minute, as epoch time does.
        if (hour > 23 || minute > 59 || second > 60) return false;
        var rest = text[19..];
        if (!Fraction(ref rest, out var milliseconds) || !Offset(rest, out var offset)) return false;
        var days = new DateOnly(year, month, day).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        at = (days * Day) + (((((hour * 60L) + minute - offset) * 60) + second) * 1000) + milliseconds;
        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<byte> text, out int milliseconds)
    {
        milliseconds = 0;
        if (text[0] != '.') return true;
        var digits = 0;
        for (; digits + 1 < text.Length && (uint)(text[digits + 1] - '0') <= 9; digits++)
        {
            if (digits < 3) milliseconds = (milliseconds * 10) + (text[digits + 1] - '0');
        }

        for (var i = digits; i < 3; i++) milliseconds *= 10;
        text = text[(digits + 1)..];
        return digits is >= 1 and <= 9;
    }

    private static bool Offset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1) return (text[0] | 0x20) == 'z';
        if (text.Length != 6 || text[3] != ':' || text[0] is not ((byte)'+' or (byte)'-')) return false;
        if (!Digits(text[1..3], out var hour) || !Digits(text[4..], out var minute) || hour > 23 || minute > 59) return false;
        minutes = (hour * 60) + minute;
        if (text[0] == '-') minutes = -minutes;
        return true;
    }

    /// <summary>Reads a run that must be digits only.</summary>
    public static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if ((uint)(c - '0') > 9) return false;
            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
