using Streaming.Members.Events;
using Streaming.Members.Snapshots;

namespace Streaming.Members;

/// <summary>The last events of a member, by when they happened: a late one takes its place among them, or none when it is older than all.</summary>
public sealed class LastEventsState
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 8;

    // In a snapshot: the kind, and in its highest bit whether a byte of what else there is follows.
    private const byte More = 0x80;
    private const byte HasPoints = 1;
    private const byte HasAmount = 2;
    private const byte HasRating = 4;

    private readonly LastEvent[] events = new LastEvent[Capacity];
    private int count;

    /// <summary>The events, oldest first; of two that happened in one millisecond the one applied first comes first.</summary>
    public ReadOnlySpan<LastEvent> Oldest => events.AsSpan(0, count);

    /// <summary>Makes it the state of a member nobody has heard of.</summary>
    public void Clear() => count = 0;

    /// <summary>Remembers an event in place of the oldest, unless it is older still.</summary>
    internal void Add(in LastEvent e)
    {
        var at = count;
        while (at > 0 && events[at - 1].At > e.At) at--;
        if (count < Capacity)
        {
            Array.Copy(events, at, events, at + 1, count - at);
            count++;
        }
        else
        {
            if (at == 0) return;
            at--;
            Array.Copy(events, 1, events, 0, at);
        }

        events[at] = e;
    }

    /// <summary>Writes it into a snapshot: newest first, each by how long before the one after it: about 7 bytes for most.</summary>
    /// <param name="to">The snapshot.</param>
    /// <param name="lastSeen">The member's <see cref="Member.LastSeen"/>, which mostly is the newest one's time.</param>
    public void Write(SnapshotWriter to, long lastSeen)
    {
        to.Byte((byte)count);
        long after = 0;
        for (var i = count - 1; i >= 0; i--)
        {
            ref readonly var e = ref events[i];
            var more = (byte)((e.Points != 0 ? HasPoints : 0) | (e.Amount != 0 ? HasAmount : 0) | (e.Rating != 0 ? HasRating : 0));
            to.Byte((byte)((byte)e.Kind | (more != 0 ? More : 0)));
            if (more != 0) to.Byte(more);
            if (i == count - 1) to.Signed(lastSeen - e.At);
            else to.Unsigned((ulong)(after - e.At));
            to.Unsigned((uint)e.Weight);
            if (e.Points != 0) to.Signed(e.Points);
            if (e.Amount != 0)
            {
                to.Signed(e.Amount);
                to.Unsigned((uint)e.Currency);
            }

            if (e.Rating != 0) to.Byte(e.Rating);
            after = e.At;
        }
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from, long lastSeen)
    {
        count = from.Byte();
        if (count > Capacity) throw new SnapshotException("more last events than this version keeps");
        long after = 0;
        for (var i = count - 1; i >= 0; i--)
        {
            var first = from.Byte();
            var kind = (EventKind)(first & ~More);
            if (!kind.IsKnown()) throw new SnapshotException("an event of a kind this version does not know");
            var more = (first & More) != 0 ? from.Byte() : 0;
            after = i == count - 1 ? lastSeen - from.Signed() : after - (long)from.Unsigned();
            events[i] = new LastEvent(
                kind,
                after,
                (int)from.Unsigned(),
                (more & HasPoints) != 0 ? from.Signed() : 0,
                (more & HasAmount) != 0 ? from.Signed() : 0,
                (more & HasAmount) != 0 ? (int)from.Unsigned() : 0,
                (more & HasRating) != 0 ? from.Byte() : (byte)0);
        }
    }
}
