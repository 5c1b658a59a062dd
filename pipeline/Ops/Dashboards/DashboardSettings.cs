namespace Streaming.Ops.Dashboards;

/// <summary>How much a dashboard panel may ask of ClickHouse.</summary>
public sealed record DashboardSettings
{
    /// <summary>Seconds one query may run: 1 to 300, default 10.</summary>
    public int MaxSeconds { get; init; } = 10;

    /// <summary>Rows one query may read: 100,000 to 10,000,000,000, default 200,000,000. A
    /// panel over it says so; a shorter time range reads less.</summary>
    public long MaxRowsRead { get; init; } = 200_000_000;

    /// <summary>Rows one query may return: 100 to 1,000,000, default 50,000.</summary>
    public int MaxRowsReturned { get; init; } = 50_000;

    /// <summary>Queries that run at a time for all browsers together: 1 to 64, default 4. The others wait.</summary>
    public int MaxRunning { get; init; } = 4;

    /// <summary>Seconds a query waits for its turn: 1 to 60, default 10. Then the panel is told to try again.</summary>
    public int MaxWait { get; init; } = 10;

    /// <summary>Adds one sentence per wrong setting, each beginning with its path.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (MaxSeconds is < 1 or > 300) errors.Add($"{path}:MaxSeconds is {MaxSeconds}; it must be 1 to 300.");
        if (MaxRowsRead is < 100_000 or > 10_000_000_000)
        {
            errors.Add($"{path}:MaxRowsRead is {MaxRowsRead}; it must be 100000 to 10000000000.");
        }
        if (MaxRowsReturned is < 100 or > 1_000_000) errors.Add($"{path}:MaxRowsReturned is {MaxRowsReturned}; it must be 100 to 1000000.");
        if (MaxRunning is < 1 or > 64) errors.Add($"{path}:MaxRunning is {MaxRunning}; it must be 1 to 64.");
        if (MaxWait is < 1 or > 60) errors.Add($"{path}:MaxWait is {MaxWait}; it must be 1 to 60 seconds.");
    }
}
