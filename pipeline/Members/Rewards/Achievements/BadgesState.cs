using System.Numerics;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Rewards.Achievements;

/// <summary>What a member keeps for badges: which it has, and how far it is with those that count.</summary>
public struct BadgesState
{
    private long[] progress; // by number, as far as used
    private ulong started;

    /// <summary>Bit n is set when the badge with number n is earned.</summary>
    public ulong Earned { get; private set; }

    /// <summary>Events counted, or ten-thousandths spent, towards the badge of that number; 0 once it is earned.</summary>
    public readonly long Progress(int number) => number < progress.Length ? progress[number] : 0;

    /// <summary>True when the member has the badge of that number.</summary>
    public readonly bool Has(int number) => (Earned >> number & 1) != 0;

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        Earned = started = 0;
        progress ??= [];
        Array.Clear(progress);
    }

    /// <summary>Comes nearer to a badge, or falls back from it: not below 0.</summary>
    /// <returns>How far the member is now.</returns>
    internal long Advance(int number, long by)
    {
        started |= 1UL << number;
        Reach(number);
        return progress[number] = Math.Max(0, Math.Min(long.MaxValue / 2, progress[number]) + by);
    }

    /// <summary>The member has it from now on.</summary>
    internal void Earn(int number)
    {
        Earned |= 1UL << number;
        started &= ~(1UL << number);
        if (number < progress.Length) progress[number] = 0;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        to.Unsigned(Earned);
        to.Unsigned(started);
        for (var left = started; left != 0; left &= left - 1) to.Unsigned((ulong)progress[BitOperations.TrailingZeroCount(left)]);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        Clear();
        Earned = from.Unsigned();
        started = from.Unsigned();
        if (started != 0) Reach(BitOperations.Log2(started));
        for (var left = started; left != 0; left &= left - 1) progress[BitOperations.TrailingZeroCount(left)] = (long)from.Unsigned();
    }

    private void Reach(int number)
    {
        if (number >= progress.Length) Array.Resize(ref progress, Math.Min(BadgesRules.MaxBadges, (number | 3) + 1));
    }
}
