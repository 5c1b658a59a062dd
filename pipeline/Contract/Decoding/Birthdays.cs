namespace Streaming.Contract.Decoding;

/// <summary>Birthdays as the contract writes them.</summary>
internal static class Birthdays
{
    /// <summary>True for a real date <c>yyyy-MM-dd</c>, or <c>--MM-dd</c> (29 February included) without the year.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        var year = 2000;
        if (text.Length == 10 && text[4] == '-')
        {
            if (!Timestamps.Digits(text[..4], out year)) return false;
            text = text[4..];
        }
        else if (text.Length == 7 && text[0] == '-')
        {
            text = text[1..];
        }
        else
        {
            return false;
        }

        return text[0] == '-' && text[3] == '-' && Timestamps.Digits(text[1..3], out var month) && Timestamps.Digits(text[4..], out var day)
            && Timestamps.IsDate(year, month, day);
    }
}
