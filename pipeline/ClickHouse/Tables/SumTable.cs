using System.Runtime.InteropServices;
using Streaming.ClickHouse.Native;
using Streaming.Engine.Storing;

namespace Streaming.ClickHouse.Tables;

/// <summary>A table of sums by key: rows with the same key are added up before they are sent, and ClickHouse adds up further when it merges
/// parts.</summary>
internal abstract class SumTable<TKey, TSum>(string name, int rowBytes) : TableBuffer(name)
    where TKey : notnull
    where TSum : struct
{
    private readonly Dictionary<TKey, TSum> sums = [];

    public override int Rows => sums.Count;

    public override int Bytes => sums.Count * rowBytes;

    /// <summary>Every column after those all blocks share.</summary>
    protected abstract NativeColumn[] Columns { get; }

    public void Add(TKey key, TSum value)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        sum = Plus(sum, value);
    }

    public override FormedBlock? Form(in NativeBlock.Stamp stamp)
    {
        foreach (var (key, sum) in sums) Append(key, sum);
        sums.Clear();
        return Form(stamp, Columns);
    }

    protected abstract TSum Plus(TSum a, TSum b);

    /// <summary>Adds one row to the columns, or none when the sum says nothing.</summary>
    protected abstract void Append(TKey key, TSum sum);
}

/// <summary>A <see cref="SumTable{TKey,TSum}"/> of one number. A sum of zero makes no row.</summary>
internal abstract class CountTable<TKey>(string name, int rowBytes) : SumTable<TKey, long>(name, rowBytes)
    where TKey : notnull
{
    protected sealed override long Plus(long a, long b) => a + b;

    protected sealed override void Append(TKey key, long sum)
    {
        if (sum != 0) AppendCount(key, sum);
    }

    protected abstract void AppendCount(TKey key, long sum);
}
