using Streaming.Members.Rewards.PointsAccount;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Rewards.Growth;

/// <summary>What a member keeps for levels by growth value.</summary>
public struct LevelsState
{
    /// <summary>The most growth value a member can have.</summary>
    public const long MaxGrowth = PointsState.MaxBalance;

    /// <summary>Growth value: everything earned that no refund took back. Spending points does not reduce it.</summary>
    public long Growth { get; private set; }

    /// <summary>Number of the level, from 1; 0 before the first event.</summary>
    public byte Level;

    /// <summary>The key of the level announced last; 0 before the first event.</summary>
    internal uint Announced;

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        Growth = 0;
        Level = 0;
        Announced = 0;
    }

    /// <summary>Adds growth value, 0 or more.</summary>
    /// <returns>How much was added: no more than the bound allows.</returns>
    internal long Add(long growth)
    {
        growth = Math.Min(growth, MaxGrowth - Growth);
        Growth += growth;
        return growth;
    }

    /// <summary>Takes back growth value that a refund takes back.</summary>
    internal void Take(long growth) => Growth = Math.Max(0, Growth - growth);

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        to.Unsigned((ulong)Growth);
        to.Byte(Level);
        to.Unsigned(Announced);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        Growth = (long)from.Unsigned();
        Level = from.Byte();
        Announced = (uint)from.Unsigned();
    }
}
