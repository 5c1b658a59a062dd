using System.Numerics;
using System.Runtime.CompilerServices;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Deduplication;

/// <summary>The duplicate windows: 64-bit hashes of the last ids per topic; none of purchases.</summary>
/// <remarks>
/// All rings lie in one array, each with room for the ids used so far. A full ring doubles up to its size and then overwrites its oldest
/// id. The array grows by half, so that it is seldom reallocated. Most members need little; all rings at full size take 1.8 KB. Written
/// oldest first.
/// </remarks>
public struct RecentState
{
    private const int Rings = 5; // one for each topic
    private const int RingsBefore = 7; // of snapshots before orders and requests had a memory of their own
    private const int FirstRoom = 4;
    private const int FirstLength = 16;
    private static readonly int[] Sizes =
    [
        DuplicateWindow.Clicks, 0, DuplicateWindow.Chats, DuplicateWindow.Members, DuplicateWindow.Signals,
    ];

    private ulong[] hashes;
    private int used; // of the array: the sum of all rooms
    private Bytes counts, oldest, rooms;

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        hashes ??= [];
        counts = oldest = default;
    }

    /// <summary>True when the hash is among the ring's last ones.</summary>
    internal readonly bool Contains(int ring, ulong hash) => hashes.AsSpan(StartOf(ring), counts[ring]).Contains(hash);

    /// <summary>Remembers a hash, in place of the oldest one when the ring is full.</summary>
    internal void Add(int ring, ulong hash)
    {
        if (counts[ring] < Sizes[ring])
        {
            if (counts[ring] == rooms[ring]) Widen(ring, counts[ring] + 1);
            hashes[StartOf(ring) + counts[ring]++] = hash;
            return;
        }

        hashes[StartOf(ring) + oldest[ring]] = hash;
        oldest[ring] = (byte)((oldest[ring] + 1) % Sizes[ring]);
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        for (var ring = 0; ring < Rings; ring++)
        {
            to.Byte(counts[ring]);
            var entries = hashes.AsSpan(StartOf(ring), counts[ring]);
            to.Fixed(entries[oldest[ring]..]);
            to.Fixed(entries[..oldest[ring]]);
        }
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote, or an earlier version did.</summary>
    public void Read(ref SnapshotReader from)
    {
        var rings = from.Format >= Member.FormatWithOrders ? Rings : RingsBefore;
        for (var ring = 0; ring < rings; ring++)
        {
            var count = from.Byte();
            if (count > DuplicateWindow.Largest) throw new SnapshotException("a duplicate window larger than this version keeps");
            if (ring >= Rings || Sizes[ring] == 0)
            {
                from.Skip(count * sizeof(ulong));
                continue;
            }

            if (count > Sizes[ring]) throw new SnapshotException("a duplicate window larger than this version keeps");
            counts[ring] = count;
            oldest[ring] = 0;
            if (count > rooms[ring]) Widen(ring, count);
            from.Fixed(hashes.AsSpan(StartOf(ring), count));
        }
    }

    private readonly int StartOf(int ring)
    {
        var start = 0;
        for (var i = 0; i < ring; i++) start += rooms[i];
        return start;
    }

    /// <summary>Gives a ring room for so many, and moves those behind it.</summary>
    private void Widen(int ring, int needed)
    {
        var room = Math.Min(Sizes[ring], Math.Max(FirstRoom, (int)BitOperations.RoundUpToPowerOf2((uint)needed)));
        var start = StartOf(ring);
        var end = start + rooms[ring];
        var more = room - rooms[ring];
        if (used + more > hashes.Length)
        {
            Array.Resize(ref hashes, Math.Max(used + more, Math.Max(FirstLength, hashes.Length + (hashes.Length / 2))));
        }
        Array.Copy(hashes, end, hashes, end + more, used - end);
        used += more;
        rooms[ring] = (byte)room;
    }

    [InlineArray(Rings)]
    private struct Bytes
    {
        private byte first;
    }
}
