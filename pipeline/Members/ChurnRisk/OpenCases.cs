using Streaming.Members.Snapshots;

namespace Streaming.Members.ChurnRisk;

/// <summary>The complaints behind an open alert: cases by the hash of their name, and whether there is one without a name.</summary>
/// <remarks>Eight cases are kept by name; a ninth is counted as a case without a name.</remarks>
public struct OpenCases
{
    /// <summary>The most cases told apart.</summary>
    public const int Most = 8;

    private ulong[]? cases; // most members never complain
    private int count;
    private bool unnamed;

    /// <summary>True while a complaint is open.</summary>
    public readonly bool Any => unnamed || count > 0;

    /// <summary>A complaint comes in.</summary>
    internal void Open(Text name)
    {
        if (name.IsEmpty) unnamed = true;
        else if (IndexOf(StableHash.Of(name.Span)) >= 0) return;
        else if (count == Most) unnamed = true;
        else (cases ??= new ulong[Most])[count++] = StableHash.Of(name.Span);
    }

    /// <summary>A complaint is resolved: the case with that name, or the unnamed cases if no open case has it. Without a name all cases are
    /// resolved.</summary>
    internal void Resolve(Text name)
    {
        if (name.IsEmpty)
        {
            Clear();
            return;
        }

        var i = IndexOf(StableHash.Of(name.Span));
        if (i < 0) unnamed = false;
        else cases!.AsSpan(i + 1, --count - i).CopyTo(cases.AsSpan(i));
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        count = 0;
        unnamed = false;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        to.Byte((byte)(count | (unnamed ? 0x80 : 0)));
        for (var i = 0; i < count; i++) to.Fixed(cases![i]);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote; earlier formats knew no names.</summary>
    public void Read(ref SnapshotReader from)
    {
        var first = from.Format < 3 ? 0x80 : from.Byte();
        unnamed = (first & 0x80) != 0;
        count = first & 0x7F;
        if (count > Most) throw new SnapshotException("more open cases than this version keeps");
        for (var i = 0; i < count; i++) (cases ??= new ulong[Most])[i] = from.Fixed();
    }

    private readonly int IndexOf(ulong hash) => cases is null ? -1 : cases.AsSpan(0, count).IndexOf(hash);
}
