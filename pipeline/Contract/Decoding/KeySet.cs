using Streaming.Contract.Records;

namespace Streaming.Contract.Decoding;

/// <summary>The keys met so far in each object of one message, so that a key named twice is found.</summary>
/// <remarks>
/// One open-addressed table for all objects of a message. An entry belongs to an object by the object's serial number; serials only
/// ever grow, so the entries of earlier messages count as free and nothing needs clearing. Keeps no reference to a message's bytes.
/// </remarks>
internal sealed class KeySet
{
    /// <summary>Keys of one message, all objects together. Bounds the table at 256 KB.</summary>
    public const int MaxKeys = 4096;

    private Entry[] entries = new Entry[128];
    private long first = 1;
    private long last;
    private int count;

    /// <summary>Forgets the keys of the message before.</summary>
    public void Start()
    {
        first = last + 1;
        count = 0;
    }

    /// <summary>Serial number of an object just opened.</summary>
    public long Open() => ++last;

    /// <summary>Adds a key to an object.</summary>
    /// <param name="serial">From <see cref="Open"/>.</param>
    /// <param name="hash">Hash of the unescaped key.</param>
    /// <param name="buffers">Where keys lie: index 0 the message, index 1 the scratch buffer.</param>
    /// <param name="buffer">Which of them holds this key.</param>
    /// <param name="start">Where it begins there.</param>
    /// <param name="length">Bytes.</param>
    public RejectReason Add(long serial, ulong hash, ReadOnlySpan<byte[]> buffers, int buffer, int start, int length)
    {
        if (count >= MaxKeys) return RejectReason.TooMany;
        if (++count > entries.Length / 2) Grow();
        for (var slot = Slot(serial, hash); ; slot = (slot + 1) & (entries.Length - 1))
        {
            ref var entry = ref entries[slot];
            if (entry.Serial < first)
            {
                entry = new Entry(serial, hash, buffer, start, length);
                return RejectReason.None;
            }

            if (entry.Serial != serial || entry.Hash != hash) continue;
            var known = buffers[entry.Buffer].AsSpan(entry.Start, entry.Length);
            if (known.SequenceEqual(buffers[buffer].AsSpan(start, length))) return RejectReason.DuplicateKey;
        }
    }

    private int Slot(long serial, ulong hash) => (int)(hash + ((ulong)serial * 0x9E37_79B9)) & (entries.Length - 1);

    private void Grow()
    {
        var old = entries;
        entries = new Entry[old.Length * 2];
        foreach (var entry in old)
        {
            if (entry.Serial < first) continue;
            var slot = Slot(entry.Serial, entry.Hash);
            while (entries[slot].Serial >= first) slot = (slot + 1) & (entries.Length - 1);
            entries[slot] = entry;
        }
    }

    private readonly record struct Entry(long Serial, ulong Hash, int Buffer, int Start, int Length);
}
