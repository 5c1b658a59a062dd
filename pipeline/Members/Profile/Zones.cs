using System.Collections.Concurrent;
using System.Text;
using NodaTime;
using NodaTime.TimeZones;

namespace Streaming.Members;

/// <summary>Every time zone there is, by IANA name: made on first use, then kept. Thread-safe.</summary>
public static class Zones
{
    private static readonly ConcurrentDictionary<string, Zone> Made = new(StringComparer.Ordinal);

    // Names by hash of their bytes, so that a member's zone is found without making a string. About 600 entries.
    private static readonly Dictionary<ulong, string> Names = TzdbDateTimeZoneSource.Default.GetIds().ToDictionary(id => StableHash.Of(Encoding.UTF8.GetBytes(id)));

    /// <summary>Universal time.</summary>
    public static Zone Utc { get; } = new(DateTimeZone.Utc);

    /// <summary>Version of the zone data this build carries, for example <c>TZDB: 2026a</c>. Other data may give other local days.</summary>
    public static string Version => TzdbDateTimeZoneSource.Default.VersionId;

    /// <summary>The zone of that name, or null.</summary>
    public static Zone? Find(ReadOnlySpan<byte> name)
    {
        if (!Names.TryGetValue(StableHash.Of(name), out var id) || !Same(id, name)) return null;
        return Made.TryGetValue(id, out var zone) ? zone : Made.GetOrAdd(id, static made => new Zone(DateTimeZoneProviders.Tzdb[made]));
    }

    private static bool Same(string id, ReadOnlySpan<byte> name)
    {
        if (id.Length != name.Length) return false;
        for (var i = 0; i < id.Length; i++)
        {
            if (id[i] != name[i]) return false;
        }

        return true;
    }
}
