using Streaming.Members.Snapshots;

namespace Streaming.Members.Lifecycles;

/// <summary>What a member keeps for the lifecycle: stage, tier, and whether it is a key opinion consumer.</summary>
public struct LifecycleState
{
    /// <summary>The stage; <see cref="Stage.None"/> before the first event of its own.</summary>
    public Stage Stage;

    /// <summary>When it came to the stage (<c>at</c>), epoch milliseconds.</summary>
    public long StageSince;

    /// <summary>Sequence number of the effect that gave the stage, where it ends by itself (<see cref="Stage.Engagement"/>,
    /// <see cref="Stage.Recovered"/>); else 0.</summary>
    public long StageSequence;

    /// <summary>The tier; <see cref="Tier.None"/> before the first event of its own.</summary>
    public Tier Tier;

    /// <summary>Sequence number of the effect that gave the tier, and of the one that set <see cref="IsKoc"/>:
    /// they are part of the cause when the tier or status ends.</summary>
    public long TierSequence, KocSequence;

    /// <summary>True for a key opinion consumer: what it says is liked, shared and answered.</summary>
    public bool IsKoc;

    /// <summary>The tier that spending alone gives under the rules in force, kept so that it is not added up at every event;
    /// <see cref="Tier.None"/> while it is to be worked out. In no snapshot.</summary>
    internal Tier BySpending;

    private readonly bool EndsByItself => Stage is Stage.Engagement or Stage.Recovered;

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        Stage = Stage.None;
        Tier = BySpending = Tier.None;
        StageSince = StageSequence = TierSequence = KocSequence = 0;
        IsKoc = false;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        to.Byte((byte)((int)Stage | ((int)Tier << 4) | (IsKoc ? 0x80 : 0)));
        to.Signed(StageSince);
        if (EndsByItself) to.Signed(StageSequence);
        to.Signed(TierSequence);
        if (IsKoc) to.Signed(KocSequence);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        BySpending = Tier.None;
        var packed = from.Byte();
        Stage = (Stage)(packed & 0x0F);
        Tier = (Tier)((packed >> 4) & 0x07);
        IsKoc = (packed & 0x80) != 0;
        if (Stage > Stage.Recovered || Tier > Tier.Head) throw new SnapshotException("a stage or tier that this version does not know");
        StageSince = from.Signed();
        StageSequence = EndsByItself && from.Format >= 3 ? from.Signed() : 0;
        TierSequence = from.Signed();
        KocSequence = IsKoc ? from.Signed() : 0;
    }
}
