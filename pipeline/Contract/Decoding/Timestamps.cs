using System.Buffers.Text;
using Streaming.Contract.Records;
using Streaming.Members.Rules;

namespace Streaming.Contract.Decoding;

/// <summary>Times as the contract allows them: RFC 3339, or whole epoch milliseconds.</summary>
public static class Timestamps
{
    /// <summary>No event is later than this, whatever its record's timestamp: the first instant of the year 2100.</summary>
    public const long End = 4_102_444_800_000;

    /// <summary>How far a time may lie after the record's Kafka timestamp, for clocks that run ahead.</summary>
    public const long MaxAheadMs = 3_600_000;

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

    /// <summary>Reads either form, and recognises a number in another unit: a number that is an instant of the years 2000 to 2099 in
    /// seconds, microseconds or nanoseconds is refused as such.</summary>
    /// <returns><see cref="RejectReason.None"/>, or what is wrong with it.</returns>
    public static RejectReason Read(ReadOnlySpan<byte> text, out long at)
    {
        if (TryParse(text, out at)) return text.Length > 10 && text[4] == '-' ? RejectReason.None : Unit(at);
        var point = text.IndexOf((byte)'.');
        return point > 0 && Integers.IsWhole(text[..point]) && Integers.IsWhole(text[(point + 1)..])
            && TryParse(text[..point], out var whole)
            && Unit(whole) == RejectReason.AtLooksLikeSeconds ? RejectReason.AtLooksLikeSeconds : RejectReason.AtInvalid;
    }

    /// <summary>Whether an event of that time may come in a record of that Kafka timestamp.</summary>
    /// <param name="at">Epoch milliseconds.</param>
    /// <param name="recordTimestamp">Epoch milliseconds.</param>
    /// <param name="earliest">The earliest time that is taken, epoch milliseconds.</param>
    public static RejectReason Check(long at, long recordTimestamp, long earliest) =>
        at < earliest ? RejectReason.AtTooEarly : at >= End || at - MaxAheadMs > recordTimestamp
            ? RejectReason.AtInFuture
            : RejectReason.None;

    private static RejectReason Unit(long number) => number switch
    {
        >= InputRules.Year2000 / 1000 and < End / 1000 => RejectReason.AtLooksLikeSeconds,
        >= InputRules.Year2000 * 1000 and < End * 1000 => RejectReason.AtLooksLikeMicroseconds,
        >= InputRules.Year2000 * 1_000_000 and < End * 1_000_000 => RejectReason.AtLooksLikeNanoseconds,
        _ => RejectReason.None,
    };

    /// <summary>True for a day of the proleptic Gregorian calendar.</summary>
    public static bool IsDate(int year, int month, int day) =>
        year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);

    private static bool TryParseRfc3339(ReadOnlySpan<byte> text, out long at)
    {
        at = 0;
        if (text.Length < 20 || text[7] != '-' || text[13] != ':' || text[16] != ':' || ((text[10] | 0x20) != 't' && text[10] != ' '))
        {
            return false;
        }
        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || !IsDate(year, month, day)) return false;
        if (!Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second))
        {
            return false;
        }

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
