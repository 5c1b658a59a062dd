using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Streaming.Members.Events;
using Streaming.Members.Snapshots;

namespace Streaming.Members.EventHistory;

/// <summary>The last events of a member, by when they happened: a late event is put in order, or left out if it is older than all of
/// them.</summary>
public struct LastEventsState
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 8;

    // In a snapshot: the kind, and in its highest bit whether a byte of what else there is follows.
    private const byte More = 0x80;
    private const byte HasPoints = 1;
    private const byte HasAmount = 2;
    private const byte HasRating = 4;

    private Ring events;
    private byte oldest;
    private byte count;

    /// <summary>How many events are kept now.</summary>
    public readonly int Count => count;

    /// <summary>The events, oldest first; of two that happened in one millisecond the one applied first comes first.</summary>
    /// <param name="index">From 0, the oldest, to <see cref="Count"/> − 1.</param>
    [UnscopedRef]
    public readonly ref readonly LastEvent this[int index] => ref events[(oldest + index) % Capacity];

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear() => oldest = count = 0;

    /// <summary>Remembers an event in place of the oldest, unless it is older still.</summary>
    internal void Add(in LastEvent e)
    {
        if (count < Capacity) count++;
        else if (e.At < this[0].At) return;
        else oldest = (byte)((oldest + 1) % Capacity);

        var at = count - 1;
        for (; at > 0 && this[at - 1].At > e.At; at--) Slot(at) = this[at - 1];
        Slot(at) = e;
    }

    /// <summary>Writes it into a snapshot: newest first, each by how long before the one after it: about 7 bytes for most.</summary>
    /// <param name="to">The snapshot.</param>
    /// <param name="lastSeen">The member's <see cref="Member.LastSeen"/>, which mostly is the newest one's time.</param>
    public readonly void Write(SnapshotWriter to, long lastSeen)
    {
        to.Byte((byte)count);
        long after = 0;
        for (var i = count - 1; i >= 0; i--)
        {
            ref readonly var e = ref this[i];
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
        oldest = 0;
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
            var weight = (int)from.Unsigned();
            var points = (more & HasPoints) != 0 ? from.Signed() : 0;
            var amount = (more & HasAmount) != 0 ? from.Signed() : 0;
            var currency = (more & HasAmount) != 0 ? (int)from.Unsigned() : 0;
            events[i] = new LastEvent(after, points, amount, currency, weight, kind, (more & HasRating) != 0 ? from.Byte() : (byte)0);
        }
    }

    [UnscopedRef]
    private ref LastEvent Slot(int index) => ref events[(oldest + index) % Capacity];

    [InlineArray(Capacity)]
    private struct Ring
    {
        private LastEvent first;
    }
}
