using System.Text;
using Streaming.Members;

namespace Streaming.Engine.Rows;

/// <summary>What members are counted by. Numbers are stored in commit records: never reuse one.</summary>
public enum Gauge : byte
{
    Stage = 1,
    Tier = 2,
    Level = 3,
    Score = 4,
    AlertDay = 5,
}

/// <summary>The length of the periods that retention is counted by. The numbers are stored in commit records: never reuse one.</summary>
public enum Period : byte
{
    Day = 1,
    Week = 2,
    Month = 3,
}

/// <summary>Key of the activity rows: events that agree in everything dashboards group by.</summary>
public readonly record struct ActivityKey(uint Minute, byte Kind, byte Stage, byte Tier, ulong Currency);

/// <summary>Ledger entries alike in everything dashboards group by.</summary>
public readonly record struct PointsKey(uint Minute, byte Kind, byte Stage, byte Tier, string Rule);

/// <summary>Moves from one stage to another.</summary>
public readonly record struct TransitionKey(uint Minute, byte From, byte To);

/// <summary>Members entering (or leaving) a bucket of a gauge.</summary>
public readonly record struct PopulationKey(uint Minute, Gauge Gauge, int Bucket);

/// <summary>Records that changed nothing, by reason.</summary>
public readonly record struct RejectKey(uint Minute, byte Topic, string Reason);

/// <summary>Members whose first own activity was on day <c>Cohort</c>, and who were active in the period
/// that starts on day <c>Start</c> (days since 1970-01-01).</summary>
public readonly record struct RetentionKey(Period Period, int Cohort, int Start);

/// <summary>Conversions the keys share.</summary>
public static class RowKeys
{
    /// <summary>The longest currency code, in bytes: it is kept inside one word.</summary>
    public const int MaxCurrency = 8;

    /// <summary>Minutes since 1970-01-01, limited to what ClickHouse's DateTime can hold (1970 to 2106).</summary>
    public static uint Minute(long at) => (uint)Math.Clamp(at / 60_000, 0, uint.MaxValue / 60);

    /// <summary>A currency code as a number; bytes beyond the eighth are not part of any code in use and are dropped.</summary>
    public static ulong Pack(Text currency)
    {
        ulong packed = 0;
        var bytes = currency.Span;
        for (var i = Math.Min(bytes.Length, MaxCurrency) - 1; i >= 0; i--) packed = (packed << 8) | bytes[i];
        return packed;
    }

    /// <summary>The code that <see cref="Pack"/> packed.</summary>
    public static string Unpack(ulong packed)
    {
        Span<byte> bytes = stackalloc byte[MaxCurrency];
        var n = 0;
        for (; packed != 0; packed >>= 8) bytes[n++] = (byte)packed;
        return Encoding.UTF8.GetString(bytes[..n]);
    }
}
