using Streaming.Common.CommandLine;

using Streaming.Loadtests.Common;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>What is sent and when: a YAML file with these names in camelCase.</summary>
public sealed class Workload
{
    /// <summary>Members the events are drawn from. Default 10,000; range 1-20,000,000.</summary>
    public int Members { get; set; } = 10_000;

    /// <summary>True: they are those that <c>load prefill</c> made, with their past. Default false: they are new and join first.</summary>
    public bool Prefilled { get; set; }

    /// <summary>Exponent of Zipf's law by which members are drawn. Default 0.8; 0 (all alike) to 2.</summary>
    public double Zipf { get; set; } = 0.8;

    /// <summary>Share of all sessions that one member has beside that. Default 0; 0 to 1.</summary>
    public double HotShare { get; set; }

    /// <summary>Seed of the lives. Default 1.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>Share of events sent a second time, 1 to 16 events later, on top of the rate. Default 0; 0 to 0.5.</summary>
    public double Duplicates { get; set; }

    /// <summary>Share of events whose time lies up to an hour before they are sent. Default 0; 0 to 1.</summary>
    public double Late { get; set; }

    /// <summary>Share of events after which a cut-off copy is sent, on top of the rate. Default 0; 0 to 0.5.</summary>
    public double Malformed { get; set; }

    /// <summary>Share of events after which somebody new complains, on top of the rate: what
    /// alerts' latency is measured by. Default 0.005; 0 to 0.5.</summary>
    public double Complaints { get; set; } = 0.005;

    /// <summary>An instant of the calendar that the run is to meet, or none. The phases go on meanwhile.</summary>
    public StormPlan? Storm { get; set; }

    /// <summary>
    /// Seconds from the first event that are a start (code compiled, connections and members made) and not the service that runs. Latencies
    /// after them are told beside those of the whole run; service levels say which they judge. Default 0: none; less than all phases
    /// together.
    /// </summary>
    public double WarmUpSeconds { get; set; }

    /// <summary>One after the other; at least one.</summary>
    public List<Phase> Phases { get; set; } = [];

    /// <summary>Reads a workload file.</summary>
    /// <exception cref="CommandException">It is not there or not valid; every error at once.</exception>
    public static Workload Read(string path) => YamlFile.Read<Workload>(path, workload => workload.Validate());

    /// <summary>Everything wrong with it, one sentence each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(Members is >= 1 and <= 20_000_000, "members", Members, "1 to 20000000");
        Check(Zipf is >= 0 and <= 2, "zipf", Zipf, "0 to 2");
        Check(HotShare is >= 0 and <= 1, "hotShare", HotShare, "0 to 1");
        Check(Duplicates is >= 0 and <= 0.5, "duplicates", Duplicates, "0 to 0.5");
        Check(Late is >= 0 and <= 1, "late", Late, "0 to 1");
        Check(Malformed is >= 0 and <= 0.5, "malformed", Malformed, "0 to 0.5");
        Check(Complaints is >= 0 and <= 0.5, "complaints", Complaints, "0 to 0.5");
        Check(WarmUpSeconds >= 0 && (WarmUpSeconds == 0 || WarmUpSeconds < Phases.Sum(p => p.Seconds)), "warmUpSeconds", WarmUpSeconds,
            "0, or more and less than all phases together");
        Storm?.Validate(errors);
        if (Phases.Count == 0) errors.Add("phases is empty; give at least one {seconds, rate}.");
        for (var i = 0; i < Phases.Count; i++)
        {
            Check(Phases[i].Seconds is > 0 and <= 86_400, $"phases[{i}].seconds", Phases[i].Seconds, "above 0 to 86400");
            Check(Phases[i].Rate is > 0 and <= 1_000_000, $"phases[{i}].rate", Phases[i].Rate, "above 0 to 1000000 events per second");
            if (Phases[i].To is { } to) Check(to is > 0 and <= 1_000_000, $"phases[{i}].to", to, "above 0 to 1000000 events per second");
        }

        return errors;

        void Check(bool ok, string name, double value, string range)
        {
            if (!ok) errors.Add(FormattableString.Invariant($"{name} is {value}; it must be {range}."));
        }
    }
}

/// <summary>A stretch of time at one rate, or from one to another.</summary>
public sealed class Phase
{
    /// <summary>How long, seconds: above 0 to 86,400.</summary>
    public double Seconds { get; set; }

    /// <summary>Events per second at its beginning: above 0 to 1,000,000.</summary>
    public double Rate { get; set; }

    /// <summary>Events per second at its end, in a straight line from <see cref="Rate"/>; by default the same.</summary>
    public double? To { get; set; }

    /// <summary>When each of its events is due, seconds from its beginning.</summary>
    public IEnumerable<double> Times()
    {
        var slope = ((To ?? Rate) - Rate) / Seconds;
        var count = (long)Math.Round((Rate + (To ?? Rate)) / 2 * Seconds);
        for (var i = 0L; i < count; i++) yield return slope == 0 ? i / Rate : (Math.Sqrt((Rate * Rate) + (2 * slope * i)) - Rate) / slope;
    }
}
