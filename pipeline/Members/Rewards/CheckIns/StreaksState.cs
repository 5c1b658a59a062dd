using Streaming.Members.Snapshots;

namespace Streaming.Members.Rewards.CheckIns;

/// <summary>What a member keeps for check-in streaks.</summary>
public struct StreaksState
{
    /// <summary>The streak as of its newest day.</summary>
    internal StreakRun Run;

    /// <summary>The streak as it was before its newest day: from here a late day is put in its place.</summary>
    internal StreakRun Before;

    /// <summary>Days of the streak that holds the newest day; 0 before the first.</summary>
    public readonly int Length => Run.Length;

    /// <summary>Newest day counted, days since 1970-01-01 in the member's own time zone.</summary>
    public readonly int Day => Run.Day;

    /// <summary>The longest streak ever.</summary>
    public int Longest { get; internal set; }

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        Run = Before = default;
        Longest = 0;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        to.Unsigned((ulong)Longest);
        if (Longest == 0) return;
        Run.Write(to);
        Before.Write(to);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        Clear();
        Longest = (int)from.Unsigned();
        if (Longest == 0) return;
        Run = StreakRun.Read(ref from);
        Before = StreakRun.Read(ref from);
    }
}
