using System.Globalization;
using System.Text;
using Streaming.Members;
using Streaming.Pipeline.Decode;

namespace Streaming.Pipeline.Replay;

/// <summary>Reads the times of one column.</summary>
internal sealed class TimeFormat(TimeColumn column)
{
    public const string Rfc3339 = "rfc3339", EpochSeconds = "epoch-seconds", EpochMilliseconds = "epoch-milliseconds";

    private const long Day = 86_400_000;
    private readonly Zone zone = Zones.Find(Encoding.UTF8.GetBytes(column.Zone)) ?? Zones.Utc;
    private readonly bool hasOffset = column.Format.AsSpan().ContainsAny('z', 'K');

    /// <summary>True for a format this class can read.</summary>
    public static bool IsValid(string format)
    {
        if (format is Rfc3339 or EpochSeconds or EpochMilliseconds) return true;
        var example = new DateTime(2001, 12, 30, 23, 45, 59, DateTimeKind.Utc);
        try
        {
            return DateTime.TryParseExact(example.ToString(format, CultureInfo.InvariantCulture), format, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var read)
                && read.Date == example.Date;
        }
        catch (FormatException)
        {
            return false; // the caller says so, with the setting's name
        }
    }

    /// <summary>Reads one time as epoch milliseconds.</summary>
    public bool TryRead(string text, out long at)
    {
        at = 0;
        switch (column.Format)
        {
            case Rfc3339:
                return text.Length <= 64 && Timestamps.TryParse(Encoding.UTF8.GetBytes(text), out at);
            case EpochMilliseconds:
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out at);
            case EpochSeconds:
                if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(seconds) > 1e12m) return false;
                at = (long)decimal.Floor(seconds * 1000);
                return true;
        }

        if (hasOffset)
        {
            if (!DateTimeOffset.TryParseExact(text, column.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)) return false;
            at = instant.ToUnixTimeMilliseconds();
            return true;
        }

        if (!DateTime.TryParseExact(text, column.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return false;
        var sinceEpoch = (local - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
        var day = (int)Math.Floor(sinceEpoch / (decimal)Day);
        at = zone.InstantOf(day, (int)(sinceEpoch - (day * Day)));
        return true;
    }
}
