using System.Runtime.InteropServices;
using System.Text;
using Streaming.Engine.Rows;

namespace Streaming.ClickHouse.Native;

/// <summary>Words of a small vocabulary: each different word once, then one index per row (<c>LowCardinality(String)</c>).</summary>
internal sealed class LowCardinalityColumn(string name) : NativeColumn(name, "LowCardinality(String)")
{
    /// <summary>The version of the dictionary format, and the flags "this block has its own words" and "new dictionary".</summary>
    private const ulong Version = 1, OwnWords = 1 << 9, NewDictionary = 1 << 10;

    private const int ComparedWords = 8; // words that are compared one by one before anything is hashed

    private readonly Dictionary<string, int> words = new(StringComparer.Ordinal);
    private readonly List<string> inOrder = [];
    private readonly List<(int Start, int Length)> places = []; // of each word in the texts
    private readonly TextBuffer texts = new();
    private byte[] narrow = new byte[64]; // indexes while a byte can hold them (at most 255 words)
    private int[] wide = [];
    private int count;
    private int last; // index of the row before

    public override int Rows => count;

    protected override int DataSize => (4 * sizeof(ulong)) + texts.Written.Length + (count << Width);

    /// <summary>Bytes of an index, as a power of two.</summary>
    private int Width => inOrder.Count <= byte.MaxValue ? 0 : inOrder.Count <= ushort.MaxValue ? 1 : 2;

    /// <summary>One row.</summary>
    public void Add(string word) => Append(IndexOf(word));

    /// <summary>One row whose word is given as UTF-8.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        // neighbouring rows mostly have the same
        if (count > 0 && Is(last, utf8))
        {
            Append(last);
            return;
        }

        for (var i = 0; i < places.Count && i < ComparedWords; i++)
        {
            if (!Is(i, utf8)) continue;
            Append(i);
            return;
        }

        Append(IndexOf(InternedTexts.Of(utf8)));
    }

    /// <summary>The same word in so many rows.</summary>
    public void Add(string word, int rows)
    {
        var index = IndexOf(word);
        for (var i = 0; i < rows; i++) Append(index);
    }

    public override void Clear()
    {
        words.Clear();
        inOrder.Clear();
        places.Clear();
        texts.Clear();
        count = 0;
    }

    protected override void WriteData(ref BlockWriter to)
    {
        to.Fixed(Version);
        to.Fixed((ulong)Width | OwnWords | NewDictionary);
        to.Fixed((ulong)inOrder.Count);
        to.Raw(texts.Written);
        to.Fixed((ulong)count);
        switch (Width)
        {
            case 0: to.Raw(narrow.AsSpan(0, count)); break;
            case 1: Shorten(MemoryMarshal.Cast<byte, ushort>(to.Take(count << 1))); break;
            default: to.Raw(MemoryMarshal.AsBytes(wide.AsSpan(0, count))); break;
        }
    }

    private bool Is(int index, ReadOnlySpan<byte> utf8)
    {
        var (start, length) = places[index];
        return length == utf8.Length && texts.Written.Slice(start, length).SequenceEqual(utf8);
    }

    private int IndexOf(string word)
    {
        // words are mostly shared strings, and few
        var order = CollectionsMarshal.AsSpan(inOrder);
        for (var i = 0; i < order.Length && i < ComparedWords; i++)
        {
            if (ReferenceEquals(order[i], word)) return i;
        }

        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(words, word, out var known);
        if (known) return index;
        index = inOrder.Count;
        inOrder.Add(word);
        var utf8 = Encoding.UTF8.GetBytes(word);
        texts.Add(utf8);
        places.Add((texts.Written.Length - utf8.Length, utf8.Length));
        if (inOrder.Count == byte.MaxValue + 1) Widen();
        return index;
    }

    private void Append(int index)
    {
        last = index;
        if (inOrder.Count <= byte.MaxValue)
        {
            if (count == narrow.Length) Array.Resize(ref narrow, count * 2);
            narrow[count++] = (byte)index;
            return;
        }

        if (count == wide.Length) Array.Resize(ref wide, count * 2);
        wide[count++] = index;
    }

    private void Widen()
    {
        if (wide.Length <= count) wide = new int[Math.Max(256, count * 2)];
        for (var i = 0; i < count; i++) wide[i] = narrow[i];
    }

    private void Shorten(Span<ushort> to)
    {
        for (var i = 0; i < to.Length; i++) to[i] = (ushort)wide[i];
    }
}
