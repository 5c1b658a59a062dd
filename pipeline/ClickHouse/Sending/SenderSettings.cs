using Streaming.Common.Settings;

namespace Streaming.ClickHouse.Sending;

/// <summary>How the block sender behaves when ClickHouse does not take a block.</summary>
public sealed record SenderSettings
{
    /// <summary>Delay before the first repeat, doubled each time: 1 ms to 10 s, default 100 ms.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest delay between repeats: 1 ms to 10 minutes, default 10 s.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Refusals of one block because of its content (not network, load or rights) after which it is parked: 1 to 1,000, default
    /// 5.</summary>
    public int ParkAfter { get; init; } = 5;

    /// <summary>Adds one sentence per wrong setting, each beginning with its path.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        errors.Within($"{path}:FirstDelay", FirstDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        errors.Within($"{path}:LongestDelay", LongestDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
        if (LongestDelay < FirstDelay) errors.Add($"{path}:LongestDelay is {LongestDelay}, less than {path}:FirstDelay.");
        if (ParkAfter is < 1 or > 1_000) errors.Add($"{path}:ParkAfter is {ParkAfter}; it must be 1 to 1000.");
    }

    /// <summary>The delay after so many failures in a row.</summary>
    internal TimeSpan DelayAfter(int failures)
    {
        var doubled = FirstDelay * Math.Pow(2, Math.Min(failures - 1, 30));
        return doubled < LongestDelay ? doubled : LongestDelay;
    }
}
