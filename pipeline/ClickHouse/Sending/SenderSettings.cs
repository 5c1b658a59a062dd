namespace Streaming.ClickHouse.Sending;

/// <summary>How the block sender behaves when ClickHouse does not take a block.</summary>
public sealed record SenderSettings
{
    /// <summary>Milliseconds before the first repeat, doubled each time: 1 to 10,000, default 100.</summary>
    public int FirstDelay { get; init; } = 100;

    /// <summary>The longest delay between repeats, milliseconds: 1 to 600,000, default 10,000.</summary>
    public int LongestDelay { get; init; } = 10_000;

    /// <summary>Refusals of one block for its own sake (not for network, load or
    /// rights) until it is parked: 1 to 1,000, default 5.</summary>
    public int ParkAfter { get; init; } = 5;

    /// <summary>Adds one sentence per wrong setting, each beginning with its path.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (FirstDelay is < 1 or > 10_000) errors.Add($"{path}:FirstDelay is {FirstDelay}; it must be 1 to 10000 milliseconds.");
        if (LongestDelay is < 1 or > 600_000) errors.Add($"{path}:LongestDelay is {LongestDelay}; it must be 1 to 600000 milliseconds.");
        if (LongestDelay < FirstDelay) errors.Add($"{path}:LongestDelay is {LongestDelay}, less than {path}:FirstDelay.");
        if (ParkAfter is < 1 or > 1_000) errors.Add($"{path}:ParkAfter is {ParkAfter}; it must be 1 to 1000.");
    }

    /// <summary>The delay after so many failures in a row.</summary>
    internal TimeSpan DelayAfter(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(LongestDelay, FirstDelay * Math.Pow(2, Math.Min(failures - 1, 30))));
}
