namespace Streaming.Engine.Commits;

/// <summary>How inputs are gathered into commits, and what happens when a commit fails.</summary>
public sealed class CommitSettings
{
    /// <summary>Records in one commit at most. Default 16,384; range 1-1,000,000. Fewer come together when less is waiting.</summary>
    public int MaxRecords { get; set; } = 16_384;

    /// <summary>Bytes of records in one commit at most. Default 8 MiB; range 1 MiB-256 MiB.</summary>
    public int MaxBytes { get; set; } = 8 << 20;

    /// <summary>Batches that may be between intake and commit at once, so that one is applied while another is committed. Default 3; range
    /// 1-16.</summary>
    public int InFlight { get; set; } = 3;

    /// <summary>A commit that cannot be written (disk full, locked) is tried again for this
    /// long, then the program stops. Default 5 minutes; range 0 to 1 day (0: the first failure stops the program).</summary>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes that may wait on disk for Kafka, ClickHouse or snapshots before
    /// intake stops. Default 8 GiB; at least 64 MiB.</summary>
    public long SpoolLimit { get; set; } = 8L << 30;

    /// <summary>Adds a sentence for every value out of range.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (MaxRecords is < 1 or > 1_000_000) errors.Add($"{path}:MaxRecords is {MaxRecords}; it must be 1 to 1000000.");
        if (MaxBytes is < 1 << 20 or > 256 << 20) errors.Add($"{path}:MaxBytes is {MaxBytes}; it must be 1048576 to 268435456 (bytes).");
        if (InFlight is < 1 or > 16) errors.Add($"{path}:InFlight is {InFlight}; it must be 1 to 16.");
        if (RetryFor < TimeSpan.Zero || RetryFor > TimeSpan.FromDays(1))
        {
            errors.Add($"{path}:RetryFor is {RetryFor}; it must be 00:00:00 to 1.00:00:00.");
        }
        if (SpoolLimit < 64 << 20) errors.Add($"{path}:SpoolLimit is {SpoolLimit}; it must be 67108864 (bytes) or more.");
    }
}
