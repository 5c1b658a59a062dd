using Streaming.Common.Settings;

namespace Streaming.Ops.Dashboards;

/// <summary>How much a dashboard panel may ask of ClickHouse.</summary>
public sealed record DashboardSettings
{
    /// <summary>How long one query may run: 1 s to 5 minutes, in whole seconds (a part of one counts as one), default 10 s.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Rows one query may read: 100,000 to 10,000,000,000, default 200,000,000. A
    /// panel over it says so; a shorter time range reads less.</summary>
    public long MaxRowsRead { get; init; } = 200_000_000;

    /// <summary>Rows one query may return: 100 to 1,000,000, default 50,000.</summary>
    public int MaxRowsReturned { get; init; } = 50_000;

    /// <summary>Queries that run at a time for all browsers together: 1 to 64, default 4. The others wait.</summary>
    public int MaxRunning { get; init; } = 4;

    /// <summary>How long a query waits for its turn: 1 s to 1 minute, default 10 s. Then the panel is told to try again.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Adds one sentence per wrong setting, each beginning with its path.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        errors.Within($"{path}:MaxTime", MaxTime, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        if (MaxRowsRead is < 100_000 or > 10_000_000_000)
        {
            errors.Add($"{path}:MaxRowsRead is {MaxRowsRead}; it must be 100000 to 10000000000.");
        }
        if (MaxRowsReturned is < 100 or > 1_000_000) errors.Add($"{path}:MaxRowsReturned is {MaxRowsReturned}; it must be 100 to 1000000.");
        if (MaxRunning is < 1 or > 64) errors.Add($"{path}:MaxRunning is {MaxRunning}; it must be 1 to 64.");
        errors.Within($"{path}:MaxWait", MaxWait, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }
}
