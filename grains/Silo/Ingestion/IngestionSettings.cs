namespace Streaming.Silo.Ingestion;

/// <summary>How a node reads its share of the input topics.</summary>
public sealed class IngestionSettings
{
    /// <summary>Records of one partition that travel together at most. Default 2,000; range 1-100,000. Fewer when fewer wait.</summary>
    public int BatchRecords { get; set; } = 2_000;

    /// <summary>Bytes of one partition that travel together at most, save that one record always does. Default 1 MiB; range 64 KiB-16 MiB.
    /// A node keeps two batches per partition: one on its way, one being filled.</summary>
    public int BatchBytes { get; set; } = 1 << 20;

    /// <summary>Batches on their way to silos at once, each of another partition. Default 64; range 1-1,024.</summary>
    public int InFlight { get; set; } = 64;

    /// <summary>How often progress and proof are written to the database. Default 250 ms; range
    /// 50 ms-10 s. Silence fires that much later at worst.</summary>
    public TimeSpan ReportEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Pause before a partition that failed is assigned again, doubled each
    /// time up to 5 s. Default 100 ms; range 10 ms-5 s.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a partition that moves to another node is held for what is on its way. Default 10 s; range 0-1 minute.</summary>
    public TimeSpan HandOver { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Adds a sentence for every value out of range.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Check(BatchRecords is >= 1 and <= 100_000, nameof(BatchRecords), BatchRecords, "1 to 100000");
        Check(BatchBytes is >= 64 << 10 and <= 16 << 20, nameof(BatchBytes), BatchBytes, "65536 to 16777216 (bytes)");
        Check(InFlight is >= 1 and <= 1_024, nameof(InFlight), InFlight, "1 to 1024");
        Check(ReportEvery >= TimeSpan.FromMilliseconds(50) && ReportEvery <= TimeSpan.FromSeconds(10), nameof(ReportEvery), ReportEvery,
            "00:00:00.05 to 00:00:10");
        Check(RetryAfter >= TimeSpan.FromMilliseconds(10) && RetryAfter <= TimeSpan.FromSeconds(5), nameof(RetryAfter), RetryAfter,
            "00:00:00.01 to 00:00:05");
        Check(HandOver >= TimeSpan.Zero && HandOver <= TimeSpan.FromMinutes(1), nameof(HandOver), HandOver, "00:00:00 to 00:01:00");

        void Check(bool ok, string name, object value, string range)
        {
            if (!ok) errors.Add($"{path}:{name} is {value}; it must be {range}.");
        }
    }
}
