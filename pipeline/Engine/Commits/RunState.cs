using System.Globalization;
using System.Security.Cryptography;
using Streaming.Common.CommandLine;
using Streaming.Contract.Records;
using Streaming.Engine.Storing;

namespace Streaming.Engine.Commits;

/// <summary>What a store is used for: live traffic or a replay. It is kept in the store and survives a crash, so that no start-up option
/// decides whether effects leave.</summary>
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

    /// <summary>True once the replay is being taken over: its members' clocks may have passed the end of its data.</summary>
    public bool IsTakingOver => facts[State] == "taking-over";

    /// <summary>True for a store that live traffic has been applied to, or a replay that was taken over.</summary>
    public bool IsLive => facts[State] == "live";

    /// <summary>The prefix of this attempt's topic names.</summary>
    public string Prefix => $"{InputTopics.ReplayPrefix}{facts[Run]}.{facts[Attempt]}.";

    /// <summary>Makes sure that a replay can begin or go on here.</summary>
    /// <exception cref="CommandException">The store is live, or its replay is finished or being taken over.</exception>
    public void RequireReplay()
    {
        if (IsLive) throw Refused("a live pipeline: replay into another one (--data).");
        if (IsTakingOver)
        {
            throw Refused("a replay that 'streaming up' was taking over: start that again, or replay into another directory (--data).");
        }

        if (IsFinished) throw Refused("a finished replay: look at it with 'streaming up --data', or replay into another directory.");
    }

    /// <summary>Begins a replay, or goes on with an interrupted one under topics of its own: what
    /// an earlier attempt left in the broker is never read.</summary>
    /// <param name="files">Says which files are read and how: an interrupted replay goes on with the same ones only.</param>
    /// <exception cref="CommandException">The store is live, or its replay is finished, taken over, or one of other files.</exception>
    public void BeginReplay(string files)
    {
        RequireReplay();
        if (facts[Files] is { } begun && begun != files)
        {
            throw Refused("an interrupted replay of other rows, or of the same with another mapping: go on with those, or replay into " +
                "another directory (--data).");
        }

        var run = facts[Run] ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        facts.Set((Run, run), (Attempt, (facts.Number(Attempt) + 1).ToString(CultureInfo.InvariantCulture)), (State, "running"),
            (Files, files));
    }

    /// <summary>Every row has been applied.</summary>
    public void Finish() => facts.Set((State, "finished"));

    /// <summary>From now on a replay is on its way to be live, and cannot go on as a replay. What it has not sent yet is given up: it is
    /// never sent, neither on the replay's topics nor on live ones.</summary>
    /// <param name="store">The replay's, on which nobody runs.</param>
    /// <exception cref="InvalidOperationException">It holds none.</exception>
    public void BeginTakeOver(IStore store)
    {
        if (!IsReplay) throw new InvalidOperationException("There is no replay to take over.");
        store.GiveUpMessages((State, "taking-over"));
    }

    /// <summary>Makes the store live. If it holds a replay, the messages its commits would still send are given up in the same transaction,
    /// so that none of them reaches the live topics.</summary>
    /// <param name="store">The store, on which nobody runs.</param>
    /// <exception cref="InvalidOperationException">It holds a replay whose take-over has not begun.</exception>
    public void GoLive(IStore store)
    {
        if (IsTakingOver) store.GiveUpMessages((State, "live"));
        else if (IsReplay) throw new InvalidOperationException("A replay is taken over before it goes live.");
        else if (!IsLive) facts.Set((State, "live"));
    }

    private static CommandException Refused(string holds) => new($"This data directory holds {holds}", ExitCodes.WrongUsage);
}
