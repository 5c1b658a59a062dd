using Streaming.Members.Snapshots;

namespace Streaming.Members.ChurnRisk;

/// <summary>A member's alerts: at most one each for silence, complaint, refund and rate drop. Each opens, clears and cools down
/// independently of the others.</summary>
public struct Alerts
{
    private const int Kinds = 4;
    private Slots slots;

    /// <summary>Why the alert about silence was raised; <see cref="AlertReason.None"/> while none is open.</summary>
    public AlertReason Silence { get; private set; }

    /// <summary>True while any alert is open.</summary>
    public readonly bool Any => (slots[0].Sequence | slots[1].Sequence | slots[2].Sequence | slots[3].Sequence) != 0;

    /// <summary>The open alert that was raised last, or <see cref="AlertReason.None"/>.</summary>
    public readonly AlertReason Latest
    {
        get
        {
            var latest = -1;
            for (var i = 0; i < Kinds; i++)
            {
                if (slots[i].Sequence > (latest < 0 ? 0 : slots[latest].Sequence)) latest = i;
            }

            return latest < 0 ? AlertReason.None : ReasonOf(latest);
        }
    }

    /// <summary>When the last one was raised, open or not, epoch milliseconds; 0 before any.</summary>
    internal readonly long LatestAt => Math.Max(Math.Max(slots[0].At, slots[1].At), Math.Max(slots[2].At, slots[3].At));

    /// <summary>The reasons of the open alerts.</summary>
    public readonly IEnumerable<AlertReason> Open
    {
        get
        {
            var alerts = this;
            return Enumerable.Range(0, Kinds).Where(i => alerts.slots[i].Sequence > 0).Select(i => alerts.ReasonOf(i));
        }
    }

    /// <summary>True while an alert of that reason, or for a reason of silence any alert about silence, is open.</summary>
    public readonly bool IsOpen(AlertReason reason) => slots[SlotOf(reason)].Sequence > 0;

    /// <summary>Sequence number of the effect that raised the open alert; 0 while none is open.</summary>
    public readonly long SequenceOf(AlertReason reason) => slots[SlotOf(reason)].Sequence;

    /// <summary>When the open or the last alert was raised, epoch milliseconds; 0 before any.</summary>
    public readonly long RaisedAt(AlertReason reason) => slots[SlotOf(reason)].At;

    /// <summary>An alert is raised.</summary>
    internal void Raise(AlertReason reason, long at, long sequence)
    {
        slots[SlotOf(reason)] = new Slot(at, sequence);
        if (reason.IsSilence()) Silence = reason;
    }

    /// <summary>The alert is cleared; when it was raised is remembered for its cooldown.</summary>
    internal void Clear(AlertReason reason)
    {
        ref var slot = ref slots[SlotOf(reason)];
        slot = slot with { Sequence = 0 };
        if (reason.IsSilence()) Silence = AlertReason.None;
    }

    /// <summary>Writes it into a snapshot: one byte for most members.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        var used = 0;
        for (var i = 0; i < Kinds; i++) used |= (slots[i].At != 0 ? 1 << i : 0) | (slots[i].Sequence != 0 ? 16 << i : 0);
        to.Byte((byte)used);
        for (var i = 0; i < Kinds; i++)
        {
            if (slots[i].At != 0) to.Signed(slots[i].At);
            if (slots[i].Sequence != 0) to.Signed(slots[i].Sequence);
        }

        if (slots[0].Sequence != 0) to.Byte((byte)Silence);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote, or by the one alert of earlier formats.</summary>
    public void Read(ref SnapshotReader from)
    {
        this = default;
        if (from.Format < 3)
        {
            ReadOne(ref from);
            return;
        }

        var used = from.Byte();
        for (var i = 0; i < Kinds; i++)
        {
            slots[i] = new Slot((used & (1 << i)) != 0 ? from.Signed() : 0, (used & (16 << i)) != 0 ? from.Signed() : 0);
        }

        if (slots[0].Sequence == 0) return;
        Silence = (AlertReason)from.Byte();
        if (!Silence.IsSilence()) throw new SnapshotException("an alert reason that this version does not know");
    }

    // One alert at a time, and one cooldown for all that are not about silence.
    private void ReadOne(ref SnapshotReader from)
    {
        var reason = (AlertReason)from.Byte();
        if (reason > AlertReason.RateDrop) throw new SnapshotException("an alert reason that this version does not know");
        slots[0] = new Slot(from.Signed(), 0);
        slots[1] = slots[2] = slots[3] = new Slot(from.Signed(), 0);
        if (reason != AlertReason.None) Raise(reason, RaisedAt(reason), from.Signed());
    }

    private static int SlotOf(AlertReason reason) => reason.IsSilence() ? 0 : reason - AlertReason.Complaint + 1;

    private readonly AlertReason ReasonOf(int slot) => slot == 0 ? Silence : (AlertReason)((int)AlertReason.Complaint + slot - 1);

    private readonly record struct Slot(long At, long Sequence);

    [System.Runtime.CompilerServices.InlineArray(Kinds)]
    private struct Slots
    {
        private Slot first;
    }
}
