using Streaming.Members.Snapshots;

namespace Streaming.Members.ChurnRisk;

/// <summary>Counts the days on which a member bought, each once, in whatever order the purchases arrive.</summary>
/// <remarks>
/// The last eight days are remembered. A purchase that is earlier than all eight of them, but not before the first ever, counts as known:
/// that far back the order of arrival may make a difference of one day. A day is one of the zone that the member has when the purchase is
/// read.
/// </remarks>
public struct PurchaseDays
{
    private const int Kept = 8;
    private int first;
    private int kept;
    private Days recent; // ascending

    /// <summary>Days with at least one purchase.</summary>
    public int Count { get; private set; }

    /// <summary>Notes a purchase.</summary>
    /// <param name="day">Its day where the member is, days since 1970-01-01.</param>
    public void Add(int day)
    {
        var slot = kept;
        while (slot > 0 && recent[slot - 1] > day) slot--;
        if (slot > 0 && recent[slot - 1] == day) return;

        if (kept == Kept)
        {
            if (slot == 0)
            {
                if (day >= first) return;
                first = day;
                Count++;
                return;
            }

            for (var i = 1; i < slot; i++) recent[i - 1] = recent[i];
            recent[slot - 1] = day;
        }
        else
        {
            for (var i = kept; i > slot; i--) recent[i] = recent[i - 1];
            recent[slot] = day;
            kept++;
        }

        first = Count == 0 ? day : Math.Min(first, day);
        Count++;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        to.Signed(Count);
        if (Count == 0) return;
        to.Signed(first);
        to.Byte((byte)kept);
        for (var i = 0; i < kept; i++) to.Signed(recent[i] - (i == 0 ? first : recent[i - 1]));
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        this = default;
        Count = (int)from.Signed();
        if (Count == 0) return;
        first = (int)from.Signed();
        kept = from.Byte();
        if (kept > Kept) throw new SnapshotException("more purchase days than this version keeps");
        for (var i = 0; i < kept; i++) recent[i] = (int)from.Signed() + (i == 0 ? first : recent[i - 1]);
    }

    [System.Runtime.CompilerServices.InlineArray(Kept)]
    private struct Days
    {
        private int day;
    }
}
