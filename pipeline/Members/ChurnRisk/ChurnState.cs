using Streaming.Members.Snapshots;

namespace Streaming.Members.ChurnRisk;

/// <summary>What a member keeps for the churn outlook: purchase history, visit gaps, the alerts.</summary>
public struct ChurnState
{
    /// <summary>The alerts, open and past.</summary>
    public Alerts Alerts;

    /// <summary>The complaints behind an open alert about complaints; none while no such alert is open.</summary>
    public OpenCases Cases;

    /// <summary>Gaps between visits.</summary>
    public VisitGaps Gaps;

    /// <summary>Days with purchases.</summary>
    public PurchaseDays Days;

    /// <summary>First and last purchase paid, epoch milliseconds; 0 before any.</summary>
    public long FirstPurchase, LastPurchase;

    /// <summary>When the purchase model's probability falls to its threshold, epoch milliseconds;
    /// <see cref="Member.Never"/> without a purchase.</summary>
    public long ModelDue;

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        Days = default;
        Gaps = default;
        FirstPurchase = LastPurchase = 0;
        ModelDue = Member.Never;
        Alerts = default;
        Cases.Clear();
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
        Alerts.Write(to);
        if (Alerts.IsOpen(AlertReason.Complaint)) Cases.Write(to);
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
        Alerts.Read(ref from);
        if (Alerts.IsOpen(AlertReason.Complaint)) Cases.Read(ref from);
    }
}
