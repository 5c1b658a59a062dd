using System.Runtime.CompilerServices;
using Streaming.Members.Events;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Scoring;

/// <summary>What a member keeps for the engagement score: one decayed sum per topic, all as of the same instant.</summary>
public struct ScoreState
{
    private const int Channels = (int)Topic.Signals + 1;
    private Sums sums;

    /// <summary>The instant the sums are of: the latest scoring event, epoch milliseconds; 0 before any.</summary>
    public long At;

    /// <summary>Quarter-octave bin of log2(score) + t/half-life, which does not move as time
    /// passes; <see cref="int.MinValue"/> for no score.</summary>
    public int Bin;

    /// <summary>The decayed sum of one topic as of <see cref="At"/>. Signals count what others
    /// answered, and are no part of <see cref="Total"/>.</summary>
    public readonly double this[Topic channel] => sums[(int)channel];

    /// <summary>The score as of <see cref="At"/>: everything the member does itself.</summary>
    public readonly double Total => sums[0] + sums[1] + sums[2] + sums[3];

    /// <summary>Adds to the sum of one topic.</summary>
    internal void Add(Topic channel, double weight) => sums[(int)channel] += weight;

    /// <summary>Multiplies every sum.</summary>
    internal void Scale(double factor)
    {
        foreach (ref var sum in sums) sum *= factor;
    }

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        At = 0;
        Bin = int.MinValue;
        sums = default;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        byte used = 0;
        for (var i = 0; i < Channels; i++) used |= (byte)(sums[i] != 0 ? 1 << i : 0);
        to.Byte(used);
        if (used == 0) return;
        to.Signed(At);
        to.Signed(Bin);
        foreach (var sum in sums)
        {
            if (sum != 0) to.Double(sum);
        }
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        Clear();
        var used = from.Byte();
        if (used == 0) return;
        At = from.Signed();
        Bin = (int)from.Signed();
        for (var i = 0; i < Channels; i++)
        {
            if ((used & (1 << i)) != 0) sums[i] = from.Double();
        }
    }

    [InlineArray(Channels)]
    private struct Sums
    {
        private double first;
    }
}
