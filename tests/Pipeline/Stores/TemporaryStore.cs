using Streaming.Engine.Storing;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>A store in a folder of its own, that can be closed and opened again.</summary>
internal sealed class TemporaryStore : IDisposable
{
    private readonly TemporaryDirectory? owned;
    private DataDirectory directory;

    public TemporaryStore(string? path = null)
    {
        if (path is null) owned = new TemporaryDirectory();
        directory = DataDirectory.Open(path ?? owned!.Path);
        Store = SqliteStore.Open(directory);
    }

    public SqliteStore Store { get; private set; }

    /// <summary>Where it is.</summary>
    public string Path => directory.Path;

    /// <summary>Closes it and reads it anew from the disk.</summary>
    public SqliteStore Reopen()
    {
        Store.Dispose();
        var path = directory.Path;
        directory.Dispose();
        directory = DataDirectory.Open(path);
        return Store = SqliteStore.Open(directory);
    }

    /// <summary>A commit whose bytes tell its number.</summary>
    public static CommitRecord Commit(long number, Progress progress = default, int size = 8, params TestBlock[] blocks) =>
        Commit(number, [.. blocks.Select(b => new FormedBlock(b.Table, b.Number, 1, b.Bytes))], progress, size);

    /// <summary>As the other, with blocks that were formed.</summary>
    public static CommitRecord Commit(long number, IReadOnlyList<FormedBlock> blocks, Progress progress = default, int size = 8) => new()
    {
        Number = number,
        Now = 1_000 + number,
        Sequence = Bytes(number, size),
        Outputs = Bytes(-number, size),
        Positions = [new PartitionPosition("clicks", 0, "life", number * 10)],
        Snapshots = [new SnapshotRow(new byte[] { 1, (byte)number }, number, 5_000 + number, 7, Bytes(number, 4))],
        Blocks = blocks,
        Progress = progress,
    };

    public void Dispose()
    {
        Store.Dispose();
        directory.Dispose();
        owned?.Dispose();
    }

    private static byte[] Bytes(long number, int size)
    {
        var bytes = new byte[Math.Max(8, size)];
        BitConverter.TryWriteBytes(bytes, number);
        return bytes;
    }
}

/// <summary>A block by table and number.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Number">Its number; the first of its bytes says it too.</param>
/// <param name="Size">How many bytes it has.</param>
internal readonly record struct TestBlock(string Table, long Number, int Size = 3)
{
    public byte[] Bytes => [(byte)Number, .. Enumerable.Range(1, Size - 1).Select(n => (byte)n)];
}
