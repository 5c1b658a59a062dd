using Streaming.Engine.Rules;
using Streaming.Loadtests.Ladder.Rungs;

namespace Streaming.Loadtests.Ladder;

/// <summary>One run of the ladder.</summary>
public sealed record LadderOptions
{
    /// <summary>Events sent before the first rung, and read by every rung. Default 500,000; range 1,000-20,000,000.</summary>
    public int Events { get; init; } = 500_000;

    /// <summary>Members they are drawn from. Default 50,000; range 100-10,000,000.</summary>
    public int Members { get; init; } = 50_000;

    /// <summary>Seed of the lives: the same seed and counts give the same events, but for the moment they end at. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Partitions of each topic. Default 4; range 1-256.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Bootstrap servers of an Apache Kafka that runs already; null starts one from KAFKA_HOME.</summary>
    public string? Kafka { get; init; }

    /// <summary>HTTP address of a ClickHouse that runs already; null starts the embedded one.</summary>
    public string? ClickHouse { get; init; }

    /// <summary>The rungs to measure, beside the bare consumer that all are compared with. Default all.</summary>
    public IReadOnlyList<string> Rungs { get; init; } = AllRungs.Names;

    /// <summary>Rules file; null for the shipped one.</summary>
    public string? Rules { get; init; }

    /// <summary>Where the broker, ClickHouse and the pipeline's store keep their files during the run; a folder of the run's own is made in
    /// it. Default the system's temporary directory.</summary>
    public string Data { get; init; } = Path.GetTempPath();

    /// <summary>Markdown file for the table, or null for the terminal alone.</summary>
    public string? Report { get; init; }

    /// <summary>Every value out of range, one sentence each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(Events is >= 1_000 and <= 20_000_000, "--events", Events, "1000 to 20000000");
        Check(Members is >= 100 and <= 10_000_000, "--members", Members, "100 to 10000000");
        Check(Partitions is >= 1 and <= 256, "--partitions", Partitions, "1 to 256");
        if (Rules is not null) RulesFile.Read(Rules, errors);
        if (Data.Length == 0) errors.Add("--data is empty; it must name a folder.");
        foreach (var rung in Rungs.Except(AllRungs.Names, StringComparer.Ordinal))
        {
            errors.Add($"--rungs names {rung}; there are {string.Join(", ", AllRungs.Names)}.");
        }
        return errors;

        void Check(bool ok, string name, int value, string range)
        {
            if (!ok) errors.Add($"{name} is {value}; it must be {range}.");
        }
    }
}
