using System.Globalization;
using System.Security.Cryptography;
using Streaming.Contract.Records;
using Streaming.Engine.Storing;

namespace Streaming.Engine.Commits;

/// <summary>What a store is being used for. It stands in the store and survives a crash, so
/// that no flag of a process decides whether coupons go out.</summary>
public sealed class RunState(IFacts facts)
{
    private const string Run = "run";
    private const string Attempt = "run.attempt";
    private const string State = "run.state";
    private const string Files = "run.files";

    /// <summary>True while the store holds a replay that has not been taken over into live.</summary>
    public bool IsReplay => facts[Run] is not null && facts[State] != "live";

    /// <summary>True when the replay came to its end.</summary>
    public bool IsFinished => facts[State] == "finished";

    /// <summary>True for a store that live traffic has been applied to, or a replay that was taken over.</summary>
    public bool IsLive => facts[State] == "live";

    /// <summary>What the names of this attempt's topics begin with.</summary>
    public string Prefix => $"{InputTopics.ReplayPrefix}{facts[Run]}.{facts[Attempt]}.";

    /// <summary>Makes sure that a replay can begin or go on here.</summary>
    /// <exception cref="StoreException">The store is live, or its replay is finished.</exception>
    public void RequireReplay()
    {
        if (IsLive) throw new StoreException("This data directory holds a live pipeline: replay into another one (--data).", false);
        if (IsFinished)
        {
            throw new StoreException("This data directory holds a finished replay: look at it with 'streaming up --data', or replay into " +
                "another directory.", false);
        }
    }

    /// <summary>Begins a replay, or goes on with an interrupted one under topics of its own: what
    /// an earlier attempt left in the broker is never read.</summary>
    /// <param name="files">Says which files are read and how: an interrupted replay goes on with the same ones only.</param>
    /// <exception cref="StoreException">The store is live, its replay is finished, or is one of other files.</exception>
    public void BeginReplay(string files)
    {
        RequireReplay();
        if (facts[Files] is { } begun && begun != files)
        {
            throw new StoreException("This data directory holds an interrupted replay of other rows, or of the same with another " +
                "mapping: go on with those, or replay into another directory (--data).", false);
        }

        var run = facts[Run] ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        facts.Set((Run, run), (Attempt, (facts.Number(Attempt) + 1).ToString(CultureInfo.InvariantCulture)), (State, "running"),
            (Files, files));
    }

    /// <summary>Every row has been applied.</summary>
    public void Finish() => facts.Set((State, "finished"));

    /// <summary>From now on the store is live.</summary>
    public void GoLive() => facts.Set((State, "live"));
}
