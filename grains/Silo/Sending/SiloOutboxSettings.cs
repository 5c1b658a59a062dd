using Streaming.ClickHouse.Client;

namespace Streaming.Silo.Sending;

/// <summary>How long a silo owns its outbox without renewing, and how much may wait there.</summary>
public sealed class SiloOutboxSettings
{
    /// <summary>A lease is renewed this many times before it would end.</summary>
    internal const int RenewalsPerLease = 6;

    /// <summary>
    /// How long the lease of an outbox lasts; renewed six times as often. Default 30 s; range 5 s-10 minutes. What a silo that was killed
    /// had not yet sent is sent by another silo that much later at worst. At least one and a half times ClickHouse:Timeout, since an insert
    /// cannot be called back.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of this silo's outbox that may wait for Kafka or ClickHouse before the
    /// silo takes no more in. Default 8 GiB; at least 64 MiB.</summary>
    public long SpoolLimit { get; set; } = 8L << 30;

    /// <summary>Adds a sentence for every value out of range.</summary>
    public void Validate(string path, ClickHouseSettings clickhouse, ICollection<string> errors)
    {
        if (Lease < TimeSpan.FromSeconds(5) || Lease > TimeSpan.FromMinutes(10))
        {
            errors.Add($"{path}:Lease is {Lease}; it must be 00:00:05 to 00:10:00.");
        }
        else if (Lease < Needed(clickhouse) * 1.5)
        {
            errors.Add($"{path}:Lease is {Lease}; it must be at least one and a half times ClickHouse:Timeout ({clickhouse.Timeout}) " +
                $"and 3 s.");
        }
        if (SpoolLimit < 64 << 20) errors.Add($"{path}:SpoolLimit is {SpoolLimit}; it must be 67108864 (bytes) or more.");
    }

    /// <summary>What must be left of a lease when an insert begins: its longest time, and a little for clocks.</summary>
    internal static TimeSpan Needed(ClickHouseSettings clickhouse) => clickhouse.Timeout + TimeSpan.FromSeconds(2);
}
