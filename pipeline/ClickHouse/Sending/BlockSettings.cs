using Streaming.Common.Settings;

namespace Streaming.ClickHouse.Sending;

/// <summary>When rows become a block. Larger blocks cost ClickHouse less, smaller ones are seen sooner.</summary>
public sealed record BlockSettings
{
    /// <summary>Time after its first row until blocks are formed: 10 ms to one minute,
    /// default 1 s. Dashboards lag by about this.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Rows of one table at which blocks are formed early: 100 to 500,000, default 200,000.</summary>
    public int MaxRows { get; init; } = 200_000;

    /// <summary>Bytes of one table at which blocks are formed early: 64 KiB to 64 MiB, default 16 MiB.</summary>
    public int MaxBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Adds one sentence per wrong setting, each beginning with its path.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        errors.Within($"{path}:MaxAge", MaxAge, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        if (MaxRows is < 100 or > 500_000) errors.Add($"{path}:MaxRows is {MaxRows}; it must be 100 to 500000.");
        if (MaxBytes is < 64 * 1024 or > 64 * 1024 * 1024)
            errors.Add($"{path}:MaxBytes is {MaxBytes}; it must be 65536 to 67108864 (bytes).");
    }
}
