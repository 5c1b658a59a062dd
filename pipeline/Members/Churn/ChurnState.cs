using Streaming.Members.Snapshots;

namespace Streaming.Members;

/// <summary>What a member keeps for the churn outlook: purchase history, visit gaps, the alert that is open.</summary>
public struct ChurnState
{
    /// <summary>The open alert, one at most.</summary>
    public AlertReason Alert;

    /// <summary>Gaps between visits.</summary>
    public VisitGaps Gaps;

    /// <summary>Days with purchases.</summary>
    public PurchaseDays Days;

    /// <summary>First and last purchase paid, epoch milliseconds; 0 before any.</summary>
    public long FirstPurchase, LastPurchase;

    /// <summary>When the purchase model's probability falls to its threshold, epoch milliseconds; <see cref="Member.Never"/> without a purchase.</summary>
    public long ModelDue;

    /// <summary>Sequence number of the effect that raised it.</summary>
    public long AlertSequence;

    /// <summary>When the open or the last alert was raised (<c>at</c>), epoch milliseconds, apart for silence and for events; 0 before any.</summary>
    public long SilenceAlertAt, EventAlertAt;

    /// <summary>Makes it the state of a member nobody has heard of.</summary>
    public void Clear()
    {
        Days = default;
        Gaps = default;
        FirstPurchase = LastPurchase = AlertSequence = SilenceAlertAt = EventAlertAt = 0;
        ModelDue = Member.Never;
        Alert = AlertReason.None;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        Days.Write(to);
        if (Days.Count > 0)
        {
            to.Signed(FirstPurchase);
            to.Signed(LastPurchase - FirstPurchase);
            to.Signed(ModelDue == Member.Never ? 0 : ModelDue);
        }

        Gaps.Write(to);
        to.Byte((byte)Alert);
        to.Signed(SilenceAlertAt);
        to.Signed(EventAlertAt);
        if (Alert != AlertReason.None) to.Signed(AlertSequence);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        Clear();
        Days.Read(ref from);
        if (Days.Count > 0)
        {
            FirstPurchase = from.Signed();
            LastPurchase = FirstPurchase + from.Signed();
            ModelDue = from.Signed();
            if (ModelDue == 0) ModelDue = Member.Never;
        }

        Gaps.Read(ref from);
        Alert = (AlertReason)from.Byte();
        if (Alert > AlertReason.RateDrop) throw new SnapshotException("an alert reason that this version does not know");
        SilenceAlertAt = from.Signed();
        EventAlertAt = from.Signed();
        if (Alert != AlertReason.None) AlertSequence = from.Signed();
    }
}
