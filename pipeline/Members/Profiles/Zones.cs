using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.TimeZones;

namespace Streaming.Members.Profiles;

/// <summary>All time zones; each is built at its first use and then cached. Thread-safe.</summary>
/// <remarks>
/// Found by IANA name, present or former (<c>Asia/Shanghai</c>, <c>PRC</c>), by Windows name (<c>China Standard Time</c>), or by a fixed
/// offset (<c>UTC+8</c>, <c>GMT+08:00</c>, <c>+0530</c>; plus is east), in quarters of an hour from −12:00 to +14:00. Letters in any case,
/// spaces and underscores alike.
/// </remarks>
public static class Zones
{
    private const int Longest = 64;
    private const int Quarters = 4;
    private const int West = -12 * Quarters;
    private const int East = 14 * Quarters;
    private static readonly ConcurrentDictionary<string, Zone> Made = new(StringComparer.Ordinal);
    private static readonly Zone?[] Fixed = new Zone?[East - West + 1];

    // Ids by the hash of their plain name, so that a member's zone is found without making a string. About 750 entries.
    private static readonly Dictionary<ulong, (string Id, byte[] Plain)> Ids = MakeIds();

    /// <summary>Universal time.</summary>
    public static Zone Utc { get; } = new(DateTimeZone.Utc);

    /// <summary>Version of the zone data this build carries, for example <c>TZDB:
    /// 2026a</c>. Other data may give other local days.</summary>
    public static string Version => TzdbDateTimeZoneSource.Default.VersionId;

    /// <summary>The zone of that name, or null. Allocates nothing for a zone asked for before.</summary>
    public static Zone? Find(ReadOnlySpan<byte> name)
    {
        Span<byte> plain = stackalloc byte[Longest];
        name = name.Trim(" \t"u8);
        if (name.IsEmpty || name.Length > Longest) return null;
        plain = plain[..name.Length];
        Plain(name, plain);
        if (Ids.TryGetValue(StableHash.Of(plain), out var found) && plain.SequenceEqual(found.Plain))
        {
            return Made.TryGetValue(found.Id, out var zone) ? zone : Made.GetOrAdd(found.Id, static made =>
                new Zone(DateTimeZoneProviders.Tzdb[made]));
        }

        return TryOffset(plain, out var quarters)
            ? Fixed[quarters - West] ??= new Zone(DateTimeZone.ForOffset(Offset.FromSeconds(quarters * 900)))
            : null;
    }

    private static void Plain(ReadOnlySpan<byte> name, Span<byte> plain)
    {
        for (var i = 0; i < name.Length; i++)
            plain[i] = name[i] == ' ' ? (byte)'_' : name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];
    }

    // An optional utc or gmt, a sign, one or two digits of hours, and perhaps two of minutes, with or without a colon.
    private static bool TryOffset(ReadOnlySpan<byte> plain, out int quarters)
    {
        quarters = 0;
        if (plain.StartsWith("utc"u8) || plain.StartsWith("gmt"u8)) plain = plain[3..];
        if (plain.Length < 2 || plain[0] is not ((byte)'+' or (byte)'-')) return false;
        var west = plain[0] == '-';
        plain = plain[1..];
        var colon = plain.IndexOf((byte)':');
        var hours = colon >= 0 ? plain[..colon] : plain.Length <= 2 ? plain : plain[..^2];
        var minutes = colon >= 0 ? plain[(colon + 1)..] : plain.Length <= 2 ? "00"u8 : plain[^2..];
        if (hours.Length is 0 or > 2 || minutes.Length != 2 || !Digits(hours, out var h) || !Digits(minutes, out var m) || m > 59
            || m % 15 != 0)
            return false;
        quarters = (h * Quarters) + (m / 15);
        if (west) quarters = -quarters;
        return quarters is >= West and <= East;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static Dictionary<ulong, (string, byte[])> MakeIds()
    {
        var source = TzdbDateTimeZoneSource.Default;
        var ids = new Dictionary<ulong, (string, byte[])>();
        foreach (var (name, id) in source.GetIds().Select(id => (id, id))
            .Concat(source.WindowsMapping.PrimaryMapping.Select(mapping => (mapping.Key, mapping.Value))))
        {
            var plain = Encoding.UTF8.GetBytes(name);
            Plain(plain, plain);
            ids.TryAdd(StableHash.Of(plain), (id, plain));
        }

        return ids;
    }
}
