using Streaming.Common.Settings;

namespace Streaming.Silo.Ingestion;

/// <summary>How a silo reads its share of the input topics.</summary>
public sealed class IngestionSettings
{
    /// <summary>Records of one partition that travel together at most. Default 2,000; range 1-100,000. Fewer when fewer wait.</summary>
    public int BatchRecords { get; set; } = 2_000;

    /// <summary>Bytes of one partition that travel together at most, save that one record always does. Default 1 MiB; range 64 KiB-16 MiB.
    /// A silo keeps two batches per partition: one on its way, one being filled.</summary>
    public int BatchBytes { get; set; } = 1 << 20;

    /// <summary>Batches on their way to silos at once, each of another partition. Default 64; range 1-1,024.</summary>
    public int InFlight { get; set; } = 64;

    /// <summary>How often progress and proof are written to the database. Default 250 ms; range
    /// 50 ms-10 s. Silence fires that much later at worst.</summary>
    public TimeSpan ReportEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Pause before a partition that failed is assigned again, doubled each
    /// time up to 5 s. Default 100 ms; range 10 ms-5 s.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a partition that moves to another silo is held for what is on its way. Default 10 s; range 0-1 minute.</summary>
    public TimeSpan HandOver { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Adds a sentence for every value out of range.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        errors.Within($"{path}:{nameof(BatchRecords)}", BatchRecords, 1, 100_000);
        errors.Within($"{path}:{nameof(BatchBytes)}", BatchBytes, 64 << 10, 16 << 20, "bytes");
        errors.Within($"{path}:{nameof(InFlight)}", InFlight, 1, 1_024);
        errors.Within($"{path}:{nameof(ReportEvery)}", ReportEvery, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10));
        errors.Within($"{path}:{nameof(RetryAfter)}", RetryAfter, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(5));
        errors.Within($"{path}:{nameof(HandOver)}", HandOver, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }
}
