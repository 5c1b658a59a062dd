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

    public override int Rows => indexes.Count;

    public void Add(string word)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(words, word, out var known);
        if (!known)
        {
            index = inOrder.Count;
            inOrder.Add(word);
        }

        indexes.Add(index);
    }

    public override void WriteTo(IBufferWriter<byte> to)
    {
        var width = inOrder.Count <= byte.MaxValue ? 0 : inOrder.Count <= ushort.MaxValue ? 1 : 2;
        to.Fixed(Version);
        to.Fixed((ulong)width | OwnWords | NewDictionary);
        to.Fixed((ulong)inOrder.Count);
        foreach (var word in inOrder) to.Utf8(word);
        to.Fixed((ulong)indexes.Count);
        foreach (var index in CollectionsMarshal.AsSpan(indexes))
        {
            var bytes = to.GetSpan(4);
            MemoryMarshal.Write(bytes, index);
            to.Advance(1 << width);
        }
    }

    public override void Clear()
    {
        words.Clear();
        inOrder.Clear();
        indexes.Clear();
    }
}
