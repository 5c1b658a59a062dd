using System.Globalization;
using System.Runtime.CompilerServices;

namespace Streaming.Loadtests.Load.Finding;

/// <summary>A part that can be the one that limits.</summary>
public enum Stage
{
    /// <summary>Nothing says what.</summary>
    Unknown = 0,

    /// <summary>The load generator: what it found is no limit of the system.</summary>
    Generator,

    /// <summary>The broker does not take what is sent.</summary>
    Broker,

    /// <summary>The pipeline's sending to Kafka.</summary>
    KafkaSink,

    /// <summary>ClickHouse does not take the blocks.</summary>
    ClickHouse,

    /// <summary>The pipeline's reading.</summary>
    Intake,

    /// <summary>Decoding and the member core.</summary>
    Shards,

    /// <summary>Making commits durable and forming blocks.</summary>
    Committer,

    /// <summary>The machine's processors, shared by all of it.</summary>
    Processors,
}

/// <summary>Names the stage that limits a rate that was not sustained: a full thread, else
/// full processors, else the first sign of falling behind.</summary>
public static class Limit
{
    private const double FullThread = 0.85; // of a core: it has no room left
    private const double FullMachine = 0.95;

    /// <summary>The stage, and by what it is known.</summary>
    public static (Stage Stage, string Why) Of(Step step)
    {
        // one thread without room left is a limit on any machine
        var full = Stages(step).Where(s => s.Cores / s.Threads > FullThread).OrderByDescending(s => s.Cores / s.Threads).FirstOrDefault();
        if (full.Cores > 0) return (full.Stage, Say($"its threads used {full.Cores:0.00} cores: they have no room left"));
        var (stage, why) = Sign(step);
        if (step.Busy <= FullMachine) return (stage, why);
        // on a full machine the first stage to fall behind need not be the cause, so processors are named first
        var (all, pipeline) = (step.Busy * Environment.ProcessorCount, step.Cores.Values.Sum());
        var who = Say($"all {Environment.ProcessorCount} were {step.Busy:0 %} busy: generator {step.Generator:0.00} cores, pipeline " +
            $"{pipeline:0.00}, the rest (broker, ClickHouse, other programs) {Math.Max(0, all - pipeline - step.Generator):0.00}");
        return (Stage.Processors, stage == Stage.Unknown ? who : $"{who}; the first to fall behind was {stage}: {why}");
    }

    private static (Stage Stage, string Why) Sign(Step step)
    {
        if (step.Refused > 0.05)
        {
            return (Stage.Broker, Say($"the broker took less than was sent: the generator's client was full {step.Refused:0 %} of the time"));
        }
        if (step.Sent < step.Asked * 0.98)
        {
            return (Stage.Generator, Say($"the generator sent {step.Sent:N0} of {step.Asked:N0} events a second: give it a " +
                $"machine of its own"));
        }
        if (step.WaitingPerSecond > 0.1)
        {
            return (Stage.ClickHouse, Say($"blocks waiting for ClickHouse grew by {step.WaitingPerSecond:0.0} a second"));
        }
        if (step.UnsentPerSecond > 1)
        {
            return (Stage.KafkaSink, Say($"commits whose messages Kafka had not acknowledged grew by {step.UnsentPerSecond:0.0} a second"));
        }
        var busiest = Stages(step).MaxBy(s => s.Cores);
        return step.Held > 0.2 && busiest.Cores > 0
            ? (busiest.Stage, Say($"intake was held back in {step.Held:0 %} of the readings, and {busiest.Stage} worked most " +
                $"({busiest.Cores:0.00} cores)"))
            : (Stage.Unknown, "nothing read from the pipeline says what: give --ops, or --data of an installation on this machine");
    }

    // the runtime names threads as the pipeline does, at most 15 characters
    private static IEnumerable<(Stage Stage, double Cores, int Threads)> Stages(Step step)
    {
        yield return (Stage.Intake, step.Cores.GetValueOrDefault("intake"), 1);
        yield return (Stage.Shards, step.Cores.GetValueOrDefault("shards"), Environment.ProcessorCount);
        yield return (Stage.Committer, step.Cores.GetValueOrDefault("committer"), 1);
        yield return (Stage.KafkaSink, step.Cores.GetValueOrDefault("kafka-sink"), 1);
    }

    private static string Say(ref DefaultInterpolatedStringHandler sentence) => sentence.ToStringAndClear();
}
