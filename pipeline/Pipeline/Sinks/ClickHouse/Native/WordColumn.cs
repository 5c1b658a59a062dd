using System.Buffers;
using System.Runtime.InteropServices;
using Streaming.Pipeline.Effects;

namespace Streaming.Pipeline.Sinks.ClickHouse.Native;

/// <summary>Words of a small vocabulary: each different word once, then one index per row (<c>LowCardinality(String)</c>).</summary>
internal sealed class WordColumn(string name) : NativeColumn(name, "LowCardinality(String)")
{
    /// <summary>The dictionary's version in the format, and "this block carries its own words".</summary>
    private const ulong Version = 1, OwnWords = 1 << 9, NewDictionary = 1 << 10;

    private readonly Dictionary<string, int> words = new(StringComparer.Ordinal);
    private readonly List<string> inOrder = [];
    private readonly List<int> indexes = [];
    private string? last;
    private int lastIndex;

    public override int Rows => indexes.Count;

    public void Add(string word)
    {
        // words are shared strings and neighbouring rows mostly have the same
        if (ReferenceEquals(word, last))
        {
            indexes.Add(lastIndex);
            return;
        }

        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(words, word, out var known);
        if (!known)
        {
            index = inOrder.Count;
            inOrder.Add(word);
        }

        indexes.Add(index);
        (last, lastIndex) = (word, index);
    }

    /// <summary>The same word in so many rows.</summary>
    public void Add(string word, int rows)
    {
        for (var i = 0; i < rows; i++) Add(word);
    }

    public override void WriteTo(IBufferWriter<byte> to)
    {
        var width = inOrder.Count <= byte.MaxValue ? 0 : inOrder.Count <= ushort.MaxValue ? 1 : 2;
        to.Fixed(Version);
        to.Fixed((ulong)width | OwnWords | NewDictionary);
        to.Fixed((ulong)inOrder.Count);
        foreach (var word in inOrder) to.Utf8(word);
        to.Fixed((ulong)indexes.Count);
        var bytes = to.GetSpan(indexes.Count << width)[..(indexes.Count << width)];
        switch (width)
        {
            case 0: Narrow(bytes); break;
            case 1: Narrow(MemoryMarshal.Cast<byte, ushort>(bytes)); break;
            default: CollectionsMarshal.AsSpan(indexes).CopyTo(MemoryMarshal.Cast<byte, int>(bytes)); break;
        }

        to.Advance(bytes.Length);
    }

    public override void Clear()
    {
        last = null;
        words.Clear();
        inOrder.Clear();
        indexes.Clear();
    }

    private void Narrow(Span<byte> to)
    {
        var from = CollectionsMarshal.AsSpan(indexes);
        for (var i = 0; i < to.Length; i++) to[i] = (byte)from[i];
    }

    private void Narrow(Span<ushort> to)
    {
        var from = CollectionsMarshal.AsSpan(indexes);
        for (var i = 0; i < to.Length; i++) to[i] = (ushort)from[i];
    }
}
