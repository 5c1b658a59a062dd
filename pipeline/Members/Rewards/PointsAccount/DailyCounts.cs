using Streaming.Members.Snapshots;

namespace Streaming.Members.Rewards.PointsAccount;

/// <summary>How often each capped rule earned on its latest local day and the day before.</summary>
/// <remarks>
/// Each rule has days of its own: the kinds of event come on different topics, which may be read days apart after an outage. An event more
/// than one day older than the latest of its rule does not earn, because its day's count is forgotten.
/// </remarks>
public struct DailyCounts
{
    private Slot[] slots;
    private int count;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        slots ??= [];
        count = 0;
    }

    /// <summary>Counts one more on a day.</summary>
    /// <returns>How many that makes, or 0 when it would exceed <paramref name="cap"/> or the day's count has been forgotten.</returns>
    public int Take(uint rule, int day, int cap)
    {
        ref var slot = ref SlotOf(rule, day);
        if (day > slot.Day)
        {
            slot.Before = day == slot.Day + 1 ? slot.Today : (ushort)0;
            slot.Today = 0;
            slot.Day = day;
        }

        if (day < slot.Day - 1) return 0;
        ref var counted = ref day == slot.Day ? ref slot.Today : ref slot.Before;
        return counted >= cap ? 0 : ++counted;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        to.Unsigned((ulong)count);
        for (var i = 0; i < count; i++)
        {
            ref readonly var slot = ref slots[i];
            to.Unsigned(slot.Rule);
            to.Signed(slot.Day);
            to.Unsigned(slot.Today);
            to.Unsigned(slot.Before);
        }
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        var length = from.Unsigned();
        if (length > PointsRules.MaxRules) throw new SnapshotException("more daily counts than there can be");
        if (slots.Length < (int)length) Array.Resize(ref slots, (int)length);
        for (count = 0; count < (int)length; count++)
        {
            slots[count] = new Slot { Rule = (uint)from.Unsigned(), Day = (int)from.Signed(), Today = (ushort)from.Unsigned(),
                Before = (ushort)from.Unsigned() };
        }
    }

    // A rule not seen before takes a free place, else that of the rule that has not earned for longest.
    private ref Slot SlotOf(uint rule, int day)
    {
        var oldest = 0;
        for (var i = 0; i < count; i++)
        {
            if (slots[i].Rule == rule) return ref slots[i];
            if (slots[i].Day < slots[oldest].Day) oldest = i;
        }

        if (count < PointsRules.MaxRules)
        {
            if (count == slots.Length) Array.Resize(ref slots, Math.Max(2, count * 2));
            oldest = count++;
        }

        slots[oldest] = new Slot { Rule = rule, Day = day };
        return ref slots[oldest];
    }

    private struct Slot
    {
        public uint Rule;
        public int Day;
        public ushort Today;
        public ushort Before;
    }
}
