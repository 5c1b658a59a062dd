using System.Numerics;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Rewards.CheckIns;

/// <summary>A streak up to one day.</summary>
/// <param name="Day">The newest day counted, days since 1970-01-01.</param>
/// <param name="Length">Days counted; 0 for no streak at all.</param>
/// <param name="Frozen">Bit n: day <paramref name="Day"/> − n was missed and forgiven, in this streak or in one before it.</param>
/// <param name="Rewarded">The longest milestone already given in this streak, days.</param>
internal readonly record struct StreakRun(int Day, int Length, uint Frozen, int Rewarded)
{
    private const int Window = 30;

    /// <summary>The streak after a later day, with at most <paramref name="freezes"/> days forgiven within any 30.</summary>
    public StreakRun With(int day, int freezes)
    {
        if (Length == 0) return new StreakRun(day, 1, 0, 0);
        var missed = day - Day - 1;
        var broken = new StreakRun(day, 1, ShiftBy(Frozen, missed + 1), 0); // what was forgiven before stays forgiven
        if (missed > freezes) return broken;
        var frozen = Frozen;
        for (var i = 0; i < missed; i++)
        {
            frozen = ShiftBy(frozen, 1) | 1;
            if (BitOperations.PopCount(frozen) > freezes) return broken;
        }

        return new StreakRun(day, Length + 1, ShiftBy(frozen, 1), Rewarded);
    }

    private static uint ShiftBy(uint frozen, int days) => days >= Window ? 0 : (frozen << days) & ((1u << Window) - 1);

    /// <summary>The streak with that milestone given, or a longer one.</summary>
    public StreakRun Rewarding(int days) => this with { Rewarded = Math.Max(Rewarded, days) };

    public void Write(SnapshotWriter to)
    {
        to.Unsigned((ulong)Length);
        if (Length == 0) return;
        to.Signed(Day);
        to.Unsigned(Frozen);
        to.Unsigned((ulong)Rewarded);
    }

    public static StreakRun Read(ref SnapshotReader from)
    {
        var length = (int)from.Unsigned();
        return length == 0 ? default : new StreakRun((int)from.Signed(), length, (uint)from.Unsigned(), (int)from.Unsigned());
    }
}
