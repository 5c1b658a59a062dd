using Streaming.Common.Files;
using Streaming.Members.Events;
using Streaming.Replay.Reading;

namespace Streaming.Replay.Running;

/// <summary>Puts the events of a file in the order of their times, in bounded memory; events
/// of one time keep the order of the file. Not thread-safe.</summary>
/// <remarks>What exceeds the bound goes to disk as sorted runs, which are merged; they are readable
/// by their owner alone and gone after <see cref="Dispose"/>.</remarks>
internal sealed class SortedEvents(ReplayLimits limits) : IDisposable
{
    private const int Overhead = 128;
    private readonly List<FileStream> runs = [];

    /// <summary>The events in order.</summary>
    public IEnumerable<ReplayRow> Of(IEnumerable<ReplayRow> rows)
    {
        var held = new List<ReplayRow>();
        var bytes = 0L;
        foreach (var row in rows)
        {
            held.Add(row);
            bytes += Overhead + row.Value.Length + (row.Key?.Length ?? 0);
            if (bytes < limits.SortBytes) continue;
            Spill(held);
            bytes = 0;
        }

        if (runs.Count > 0) Spill(held);
        else held.Sort(Order);
        return runs.Count > 0 ? Merged() : held;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var run in runs) run.Dispose();
        runs.Clear();
    }

    private static int Order(ReplayRow a, ReplayRow b) => a.At != b.At ? a.At.CompareTo(b.At) : a.Row.CompareTo(b.Row);

    private IEnumerable<ReplayRow> Merged()
    {
        var heads = new PriorityQueue<(ReplayRow Row, BinaryReader From), (long, long)>();
        foreach (var run in runs)
        {
            run.Position = 0;
            Next(new BinaryReader(run));
        }

        while (heads.TryDequeue(out var head, out _))
        {
            yield return head.Row;
            Next(head.From);
        }

        void Next(BinaryReader from)
        {
            if (from.BaseStream.Position == from.BaseStream.Length) return;
            var row = Read(from);
            heads.Enqueue((row, from), (row.At, row.Row));
        }
    }

    private void Spill(List<ReplayRow> held)
    {
        held.Sort(Order);
        Directory.CreateDirectory(limits.SpillDirectory);
        var run = PrivateFile.Create(Path.Combine(limits.SpillDirectory, $"replay-{Guid.NewGuid():n}.run"), FileOptions.DeleteOnClose);
        runs.Add(run);
        var to = new BinaryWriter(run);
        foreach (var row in held) Write(to, row);
        to.Flush();
        held.Clear();
    }

    private static void Write(BinaryWriter to, ReplayRow row)
    {
        to.Write(row.File);
        to.Write(row.Row);
        to.Write((byte)row.Topic);
        to.Write(row.Key?.Length ?? -1);
        to.Write(row.Key ?? []);
        to.Write(row.Value.Length);
        to.Write(row.Value);
        to.Write(row.At);
        to.Write(row.Skipped ?? "");
    }

    private static ReplayRow Read(BinaryReader from)
    {
        var (file, number, topic, keyLength) = (from.ReadInt32(), from.ReadInt64(), (Topic)from.ReadByte(), from.ReadInt32());
        var key = keyLength < 0 ? null : from.ReadBytes(keyLength);
        var value = from.ReadBytes(from.ReadInt32());
        var at = from.ReadInt64();
        var skipped = from.ReadString();
        return new ReplayRow(file, number, topic, key, value, at, skipped.Length == 0 ? null : skipped);
    }
}
