using System.Globalization;
using System.Text;
using Streaming.Contract.Decoding;
using Streaming.Members.Profiles;
using Streaming.Replay.Mappings;

namespace Streaming.Replay.Values;

/// <summary>Reads the times of one mapping.</summary>
internal sealed class TimeFormat
{
    public const string Rfc3339 = TimeColumn.Rfc3339, EpochSeconds = "epoch-seconds", EpochMilliseconds = "epoch-milliseconds",
        EpochMicroseconds = "epoch-microseconds", ExcelSerial = "excel-serial";

    private const long Day = 86_400_000;
    private const decimal MostEpoch = 100_000_000_000_000_000m;
    private const int LongestText = 128;

    // Day 60 in Excel is 29 February 1900, which does not exist. From day 61 on Excel agrees with DateTime.FromOADate.
    private const double FirstSerial = 61, LastSerial = 2_958_465;
    private const double From1900To1904 = 1462; // days
    private readonly string format;
    private readonly Zone zone;
    private readonly LocalNames names;

    public TimeFormat(TimeColumn column)
    {
        format = column.Format;
        zone = Zones.Find(Encoding.UTF8.GetBytes(column.Zone)) ?? Zones.Utc;
        names = new LocalNames(column);
    }

    /// <summary>The formats that have a name.</summary>
    public static IReadOnlyList<string> Named { get; } = [Rfc3339, EpochSeconds, EpochMilliseconds, EpochMicroseconds, ExcelSerial];

    /// <summary>What a format may be, for a sentence.</summary>
    public static string Choices => $"{string.Join(", ", Named)} or a date and time pattern such as yyyy-MM-dd HH:mm:ss";

    /// <summary>True for a format this class can read.</summary>
    public static bool IsValid(string format)
    {
        if (Named.Contains(format)) return true;
        var example = new DateTime(2001, 12, 30, 23, 45, 59, DateTimeKind.Utc);
        try
        {
            return DateTime.TryParseExact(example.ToString(format, CultureInfo.InvariantCulture), format, CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal, out var read)
                && read.Date == example.Date;
        }
        catch (FormatException)
        {
            return false; // the caller says so, with the setting's name
        }
    }

    /// <summary>Reads one time as epoch milliseconds. What lies after the millisecond is cut off.</summary>
    /// <param name="text">The time.</param>
    /// <param name="at">The time read.</param>
    /// <param name="since1904">Whether days are counted from 1904, in a format that counts them.</param>
    public bool TryRead(string text, out long at, bool since1904 = false)
    {
        at = 0;
        if (text.Length is 0 or > LongestText) return false;
        text = Tidy(text);
        return format switch
        {
            Rfc3339 => TryReadRfc3339(text, out at),
            EpochSeconds => TryReadEpoch(text, 1000m, out at),
            EpochMilliseconds => TryReadEpoch(text, 1m, out at),
            EpochMicroseconds => TryReadEpoch(text, 0.001m, out at),
            ExcelSerial => TryReadSerial(text, since1904, out at),
            _ => TryReadPattern(names.ToEnglish(text), out at),
        };
    }

    // Chat exports put narrow blanks and direction marks around times; they are removed.
    private static string Tidy(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('!', '~')) return text;
        var tidy = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '\u200E' or '\u200F' or '\u202A' or '\u202C' or '\uFEFF') continue;
            tidy.Append(char.IsWhiteSpace(c) ? ' ' : c);
        }

        return tidy.ToString().Trim();
    }

    private bool TryReadRfc3339(string text, out long at)
    {
        at = 0;
        if (text.Length < 16 || text[4] != '-') return false; // a text of digits only is no RFC 3339 time
        var bytes = Encoding.UTF8.GetBytes(text);
        if (Timestamps.TryParse(bytes, out at)) return true;
        if (!Timestamps.TryParse(Encoding.UTF8.GetBytes(text.Length == 16 ? text + ":00Z" : text + "Z"), out var local)) return false;
        at = InZone(local);
        return true;
    }

    private static bool TryReadEpoch(string text, decimal milliseconds, out long at)
    {
        at = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var number) || Math.Abs(number) > MostEpoch)
            return false;
        number = decimal.Floor(number * milliseconds);
        if (Math.Abs(number) > MostEpoch) return false;
        at = (long)number;
        return true;
    }

    private bool TryReadSerial(string text, bool since1904, out long at)
    {
        at = 0;
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var serial)) return false;
        if (since1904) serial += From1900To1904;
        if (serial is not (>= FirstSerial and < LastSerial + 1)) return false;
        at = InZone(DateTime.FromOADate(serial));
        return true;
    }

    // Without an offset in the text DateTime leaves its kind open, and only then does the mapping's zone hold.
    private bool TryReadPattern(string text, out long at)
    {
        at = 0;
        if (!DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var local)) return false;
        if (local.Kind == DateTimeKind.Unspecified)
        {
            at = InZone(local);
            return true;
        }

        if (!DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            return false;
        at = instant.ToUnixTimeMilliseconds();
        return true;
    }

    private long InZone(DateTime local) =>
        InZone((long)Math.Floor((local - DateTime.UnixEpoch).Ticks / (double)TimeSpan.TicksPerMillisecond));

    private long InZone(long local)
    {
        var day = (int)Math.Floor(local / (double)Day);
        return zone.InstantOf(day, (int)(local - (day * Day)));
    }
}
