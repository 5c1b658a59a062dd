using Streaming.Members.Snapshots;

namespace Streaming.Members;

/// <summary>The duplicate windows: 64-bit hashes of the last ids per topic, of orders and of redemption requests.</summary>
/// <remarks>All rings lie in one array; each grows as used up to its size and then forgets its oldest entry. Written oldest first.</remarks>
public sealed class RecentState
{
    private static readonly int[] Sizes =
    [
        DuplicateWindow.Clicks, DuplicateWindow.Purchases, DuplicateWindow.Chats, DuplicateWindow.Members, DuplicateWindow.Signals,
        DuplicateWindow.Orders, DuplicateWindow.Requests,
    ];

    private static readonly int[] Starts = MakeStarts();

    private readonly ulong[] hashes = new ulong[Sizes.Sum()];
    private readonly byte[] counts = new byte[Sizes.Length];
    private readonly byte[] oldest = new byte[Sizes.Length];

    /// <summary>Makes it the state of a member nobody has heard of.</summary>
    public void Clear()
    {
        Array.Clear(counts);
        Array.Clear(oldest);
    }

    /// <summary>True when the hash is among the ring's last ones.</summary>
    internal bool Contains(int ring, ulong hash) => hashes.AsSpan(Starts[ring], counts[ring]).Contains(hash);

    /// <summary>Remembers a hash, in place of the oldest one when the ring is full.</summary>
    internal void Add(int ring, ulong hash)
    {
        if (counts[ring] < Sizes[ring])
        {
            hashes[Starts[ring] + counts[ring]++] = hash;
            return;
        }

        hashes[Starts[ring] + oldest[ring]] = hash;
        oldest[ring] = (byte)((oldest[ring] + 1) % Sizes[ring]);
    }

    /// <summary>Writes it into a snapshot.</summary>
    public void Write(SnapshotWriter to)
    {
        for (var ring = 0; ring < Sizes.Length; ring++)
        {
            to.Byte(counts[ring]);
            var entries = hashes.AsSpan(Starts[ring], counts[ring]);
            to.Fixed(entries[oldest[ring]..]);
            to.Fixed(entries[..oldest[ring]]);
        }
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        for (var ring = 0; ring < Sizes.Length; ring++)
        {
            counts[ring] = from.Byte();
            oldest[ring] = 0;
            if (counts[ring] > Sizes[ring]) throw new SnapshotException("a duplicate window larger than this version keeps");
            from.Fixed(hashes.AsSpan(Starts[ring], counts[ring]));
        }
    }

    private static int[] MakeStarts()
    {
        var starts = new int[Sizes.Length];
        for (var i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + Sizes[i - 1];
        return starts;
    }
}
