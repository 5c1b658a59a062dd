namespace Streaming.Members.Rules;

/// <summary>Which events are accepted. Part of the rules, so that a commit that is applied again judges as it did the first time.</summary>
public sealed record InputRules
{
    /// <summary>2000-01-01 UTC, epoch milliseconds.</summary>
    public const long Year2000 = 946_684_800_000;

    /// <summary>The earliest time of an event (UTC); an earlier event is rejected as <c>at-too-early</c>. Default 2000-01-01, 1970-01-02 to
    /// 2099-12-31.</summary>
    public DateOnly Earliest { get; init; } = new(2000, 1, 1);

    /// <summary>The same, epoch milliseconds.</summary>
    public long EarliestAt => (Earliest.DayNumber - Time.UnixEpochDay) * Time.Day;

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (Earliest < new DateOnly(1970, 1, 2) || Earliest.Year > 2099)
            errors.Add($"{path}.earliest must be 1970-01-02 to 2099-12-31, not " +
                $"{Earliest.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)}.");
    }
}
