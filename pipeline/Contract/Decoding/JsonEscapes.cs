using System.Buffers.Text;
using System.Text;
using Streaming.Contract.Records;

namespace Streaming.Contract.Decoding;

/// <summary>Decodes the escapes in JSON texts.</summary>
internal static class JsonEscapes
{
    private const int Digits = 4;

    /// <summary>The character that a letter after a backslash stands for; 0 for a letter that means nothing there.</summary>
    public static byte Plain(byte letter) => letter switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' => letter,
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => 0,
    };

    /// <summary>Reads the digits of <c>\u</c>; for the first half of a surrogate pair also the escape with the second.</summary>
    /// <param name="rest">What follows the <c>u</c>.</param>
    /// <param name="rune">The character.</param>
    /// <param name="taken">Bytes it took.</param>
    /// <returns>None, or what is wrong: no four digits, or half a pair.</returns>
    public static RejectReason Unicode(ReadOnlySpan<byte> rest, out Rune rune, out int taken)
    {
        (rune, taken) = (default, Digits);
        if (!Hex(rest, out var unit)) return RejectReason.NotJson;
        if (Rune.TryCreate(unit, out rune)) return RejectReason.None;
        taken += 2 + Digits;
        rest = rest[Digits..];
        return rest.StartsWith(@"\u"u8) && Hex(rest[2..], out var low) && Rune.TryCreate(unit, low, out rune) ? RejectReason.None
            : RejectReason.NotUtf8;
    }

    private static bool Hex(ReadOnlySpan<byte> digits, out char unit)
    {
        unit = default;
        if (digits.Length < Digits || !Utf8Parser.TryParse(digits[..Digits], out ushort value, out var consumed, 'x') || consumed != Digits)
        {
            return false;
        }
        unit = (char)value;
        return true;
    }
}
