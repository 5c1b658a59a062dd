using Streaming.Common.CommandLine;

namespace Streaming.Loadtests.Common;

/// <summary>What a run must reach: a YAML file with these names in camelCase. What is left out is not judged.</summary>
public sealed class ServiceLevels
{
    /// <summary>True: latencies are judged after the workload's warm-up (<c>warmUpSeconds</c>), as of a service that runs, or over the
    /// whole run if it has none. Default false: over the whole run.</summary>
    public bool AfterWarmUp { get; set; }

    /// <summary>99th percentile from the time a purchase was to be sent to its points
    /// on topic <c>rewards</c>, milliseconds at most.</summary>
    public double? RewardP99Ms { get; set; }

    /// <summary>99th percentile from the time a complaint was to be sent to its alert on
    /// topic <c>churn-alerts</c>, milliseconds at most.</summary>
    public double? AlertP99Ms { get; set; }

    /// <summary>99th percentile from the time an event was to be sent until ClickHouse shows it, milliseconds at most.</summary>
    public double? VisibleP99Ms { get; set; }

    /// <summary>99th percentile of a calendar storm: from the instant due to the message on its topic, milliseconds at most.</summary>
    public double? StormP99Ms { get; set; }

    /// <summary>True: everything that was sent landed once, nothing more.</summary>
    public bool? Exact { get; set; }

    /// <summary>Records still unread two seconds after the last was sent, at most.</summary>
    public long? LagAtEnd { get; set; }

    /// <summary>Share of requests or events that failed, at most; 0 to 1.</summary>
    public double? ErrorShare { get; set; }

    /// <summary>99th percentile of <c>/health/ready</c>, <c>/v1/status</c> and a member's view, milliseconds at most.</summary>
    public double? HttpP99Ms { get; set; }

    /// <summary>99th percentile of a dashboard panel's query, milliseconds at most.</summary>
    public double? DashboardP99Ms { get; set; }

    /// <summary>99th percentile of the generator's own lateness, milliseconds at most. Above it the run measured the generator, and its
    /// other figures say little.</summary>
    public double? GeneratorP99Ms { get; set; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="CommandException">It is not there or not valid; every error at once.</exception>
    public static ServiceLevels Read(string path) => YamlFile.Read<ServiceLevels>(path, levels => levels.Validate());

    /// <summary>Every level that a run missed, one sentence each; empty when it held all of
    /// them. A level that the run did not measure is missed.</summary>
    /// <param name="found">What the run found.</param>
    public IReadOnlyList<string> Misses(Findings found)
    {
        var misses = new List<string>();
        Most("purchase to reward, p99", RewardP99Ms, found.RewardP99Ms, "ms");
        Most("complaint to alert, p99", AlertP99Ms, found.AlertP99Ms, "ms");
        Most("event to ClickHouse, p99", VisibleP99Ms, found.VisibleP99Ms, "ms");
        Most("storm to message, p99", StormP99Ms, found.StormP99Ms, "ms");
        Most("lag at the end", LagAtEnd, found.LagAtEnd, "records");
        Most("share of errors", ErrorShare, found.ErrorShare, "of all");
        Most("HTTP, p99", HttpP99Ms, found.HttpP99Ms, "ms");
        Most("dashboard query, p99", DashboardP99Ms, found.DashboardP99Ms, "ms");
        Most("the generator's own lateness, p99", GeneratorP99Ms, found.GeneratorP99Ms, "ms");
        if (Exact == true && found.Exact != true)
        {
            misses.Add(found.Exact is null ? "exact landing: not measured" : "exact landing: what was sent did not all land once");
        }
        return misses;

        void Most(string name, double? limit, double? value, string unit)
        {
            if (limit is not { } most) return;
            if (value is not { } measured) misses.Add($"{name}: not measured (at most {most:0.####} {unit} wanted)");
            else if (!(measured <= most))
            {
                misses.Add(FormattableString.Invariant($"{name}: {measured:0.####} {unit}, at most {most:0.####} wanted"));
            }
        }
    }

    private List<string> Validate()
    {
        var errors = new List<string>();
        foreach (var (name, value) in new (string, double?)[]
                 {
                     ("rewardP99Ms", RewardP99Ms), ("alertP99Ms", AlertP99Ms), ("visibleP99Ms", VisibleP99Ms), ("stormP99Ms", StormP99Ms),
                     ("lagAtEnd", LagAtEnd), ("httpP99Ms", HttpP99Ms), ("dashboardP99Ms", DashboardP99Ms),
                     ("generatorP99Ms", GeneratorP99Ms),
                 })
        {
            if (value is not (null or >= 0)) errors.Add(FormattableString.Invariant($"{name} is {value}; it must be 0 or more."));
        }

        if (ErrorShare is not (null or (>= 0 and <= 1)))
        {
            errors.Add(FormattableString.Invariant($"errorShare is {ErrorShare}; it must be 0 to 1."));
        }
        return errors;
    }
}

/// <summary>What a run found, as far as it measured it; milliseconds. Names as in <see cref="ServiceLevels"/>.</summary>
public sealed record Findings
{
    /// <summary>Purchase to reward.</summary>
    public double? RewardP99Ms { get; init; }

    /// <summary>Complaint to alert.</summary>
    public double? AlertP99Ms { get; init; }

    /// <summary>Event to ClickHouse.</summary>
    public double? VisibleP99Ms { get; init; }

    /// <summary>Storm to message.</summary>
    public double? StormP99Ms { get; init; }

    /// <summary>Whether all landed once.</summary>
    public bool? Exact { get; init; }

    /// <summary>Records unread.</summary>
    public long? LagAtEnd { get; init; }

    /// <summary>Share that failed.</summary>
    public double? ErrorShare { get; init; }

    /// <summary>Slowest of the plain requests.</summary>
    public double? HttpP99Ms { get; init; }

    /// <summary>Slowest of the dashboard queries.</summary>
    public double? DashboardP99Ms { get; init; }

    /// <summary>The generator's lateness.</summary>
    public double? GeneratorP99Ms { get; init; }
}
