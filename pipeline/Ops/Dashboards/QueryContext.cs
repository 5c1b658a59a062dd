namespace Streaming.Ops.Dashboards;

/// <summary>What a dashboard query is expanded with.</summary>
/// <param name="From">Start of the time range, epoch milliseconds.</param>
/// <param name="To">End of the time range, epoch milliseconds.</param>
/// <param name="Interval">Width of a time bucket, milliseconds, at least 1000.</param>
/// <param name="Variables">Chosen values by variable; <see cref="DashboardVariable.All"/> stands for all.</param>
public sealed record QueryContext(long From, long To, long Interval, IReadOnlyDictionary<string, IReadOnlyList<string>> Variables)
{
    private const long Second = 1_000, Day = 86_400_000;
    private const long MaxPoints = 5_000;
    private const int MaxValues = 200, MaxValueLength = 256;

    /// <summary>Checks a panel request and fills in defaults.</summary>
    /// <param name="dashboard">The dashboard they look at.</param>
    /// <param name="minInterval">The panel's narrowest bucket, milliseconds.</param>
    /// <param name="asked">Their choice.</param>
    /// <exception cref="QueryRequestException">It cannot be answered; the message says which part.</exception>
    public static QueryContext Of(Dashboard dashboard, long minInterval, PanelRequest asked)
    {
        if (asked.From < 0 || asked.To <= asked.From || asked.To > 4_102_444_800_000)
            throw new QueryRequestException($"from is {asked.From} and to is {asked.To}; they must be epoch milliseconds, from before " +
                $"to, until the year 2100.");
        if (asked.IntervalMs is < 0 or > 366 * Day)
        {
            throw new QueryRequestException($"intervalMs is {asked.IntervalMs}; it must be 0 (chosen here) to {366 * Day}.");
        }
        var values = dashboard.Variables.ToDictionary(v => v.Name, v => v.Default, StringComparer.Ordinal);
        foreach (var (name, chosen) in asked.Variables ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            var variable = dashboard.Variables.FirstOrDefault(v => v.Name == name)
                ?? throw new QueryRequestException($"dashboard {dashboard.Uid} has no variable \"{name}\".");
            if (chosen is not { Count: > 0 and <= MaxValues } || chosen.Any(v => v is not { Length: <= MaxValueLength }))
                throw new QueryRequestException($"variable {name} needs 1 to {MaxValues} values of at most {MaxValueLength} characters.");
            if (chosen.Count > 1 && !variable.Multi)
                throw new QueryRequestException($"variable {name} takes one value, not {chosen.Count}.");
            if (!variable.IncludeAll && chosen.Contains(DashboardVariable.All))
                throw new QueryRequestException($"variable {name} has no \"all\": name its value.");
            values[name] = chosen.Contains(DashboardVariable.All) ? [DashboardVariable.All] : chosen;
        }

        // Whole seconds, as the macros write them.
        var interval = Math.Max(Math.Max(asked.IntervalMs, minInterval), (asked.To - asked.From) / MaxPoints);
        return new QueryContext(asked.From, asked.To, Math.Max(1, (interval + Second - 1) / Second) * Second, values);
    }
}

/// <summary>What a browser asks of a panel.</summary>
/// <param name="From">Start of the time range, epoch milliseconds.</param>
/// <param name="To">End of the time range, epoch milliseconds.</param>
/// <param name="Variables">Chosen values by variable; what is left out has its default.</param>
/// <param name="IntervalMs">Wanted width of a time bucket, milliseconds; 0 for the
/// narrowest the panel has. At most 5,000 buckets are made.</param>
public sealed record PanelRequest(long From, long To, IReadOnlyDictionary<string, IReadOnlyList<string>>? Variables = null,
    long IntervalMs = 0);

/// <summary>The request is not valid: the caller's fault, not retried.</summary>
public sealed class QueryRequestException(string message) : Exception(message);
