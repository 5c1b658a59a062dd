using Streaming.ClickHouse.Native;
using Streaming.Engine.Storing;

namespace Streaming.Grains.Storage;

/// <summary>One outbox in memory.</summary>
internal sealed class MemoryOutboxRows(string writer) : IOutboxRows, IParkedItems
{
    private const int MostParked = 1_000; // everything ends with the process
    private readonly SortedDictionary<long, byte[]> commits = [];
    private readonly List<FormedBlock> blocks = [];
    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
    private readonly List<(ParkedItem Item, bool Redrive)> parked = [];
    private Progress progress;
    private DateTimeOffset expires;
    private long parkedId;

    public string Writer => writer;

    public long Token { get; private set; }

    public long Number { get; private set; }

    public Guid Last { get; private set; }

    public IParkedItems Parked => this;

    public bool Waits
    {
        get
        {
            lock (this) return blocks.Count > 0 || progress.Sent < Number || progress.Formed < Number || parked.Any(p => p.Redrive);
        }
    }

    public bool Free(TimeProvider clock) => clock.GetUtcNow() >= expires;

    public OutboxLease Take(TimeProvider clock, TimeSpan length)
    {
        expires = clock.GetUtcNow() + length;
        return new OutboxLease(writer, ++Token);
    }

    public bool Renew(OutboxLease lease, TimeProvider clock, TimeSpan length)
    {
        if (lease.Writer != writer || lease.Token != Token) return false;
        expires = clock.GetUtcNow() + length;
        return true;
    }

    public void Add(SiloCommit commit)
    {
        (Number, Last, progress) = (commit.Number, commit.Id, commit.Progress);
        commits[commit.Number] = commit.Outputs.ToArray();
        foreach (var block in commit.Blocks)
        {
            blocks.Add(block);
            numbers[block.Table] = block.Number;
        }

        Trim();
    }

    public void Passed(Progress passed)
    {
        lock (this)
        {
            progress = new Progress(Number, Math.Max(progress.Sent, passed.Sent), Math.Max(progress.Formed, passed.Formed));
            Trim();
        }
    }

    private void Trim()
    {
        foreach (var passed in commits.Keys.Where(n => n <= Math.Min(progress.Sent, progress.Formed)).ToList()) commits.Remove(passed);
    }

    public OutboxState Open()
    {
        lock (this)
        {
            foreach (var (item, _) in parked.Where(p => p.Redrive && p.Item.Kind == ParkedItem.Block).ToList())
            {
                var number = numbers[item.Target] = numbers.GetValueOrDefault(item.Target) + 1;
                blocks.Add(NativeBlock.Again(item.Target, number, item.Bytes));
                Remove(item.Id);
            }

            return new OutboxState(
                Number, progress, new Dictionary<string, long>(numbers),
                    [.. blocks.Select(b => new PendingBlock(b.Table, b.Number, b.Rows, b.Bytes.Length))],
                [.. commits.Select(c => (c.Key, (long)c.Value.Length))]);
        }
    }

    public IEnumerable<StoredOutputs> OutputsAfter(long number)
    {
        lock (this) return [.. commits.Where(c => c.Key > number).Select(c => new StoredOutputs(c.Key, c.Value))];
    }

    public byte[]? Outputs(long number)
    {
        lock (this) return commits.GetValueOrDefault(number);
    }

    public byte[]? Block(string table, long number)
    {
        lock (this) return blocks.FirstOrDefault(b => b.Table == table && b.Number == number)?.Bytes;
    }

    public void Delivered(string table, long upTo)
    {
        lock (this) blocks.RemoveAll(b => b.Table == table && b.Number <= upTo);
    }

    public int Park(string table, long number, string reason)
    {
        lock (this)
        {
            if (Block(table, number) is not { } bytes) return 0;
            blocks.RemoveAll(b => b.Table == table && b.Number == number);
            return Add(ParkedItem.Block, table, reason, bytes);
        }
    }

    public long Count
    {
        get
        {
            lock (this) return parked.Count(p => !p.Redrive);
        }
    }

    public int Add(string kind, string target, string reason, byte[] bytes)
    {
        lock (this)
        {
            parked.Add((new ParkedItem(++parkedId, kind, target, reason, bytes), false));
            if (parked.Count <= MostParked) return 0;
            parked.RemoveAt(0);
            return 1;
        }
    }

    public IReadOnlyList<ParkedItem> List(int most, long after = 0)
    {
        lock (this) return [.. parked.Where(p => !p.Redrive && p.Item.Id > after).Select(p => p.Item).Take(most)];
    }

    public IReadOnlyList<ParkedItem> ToRedrive(string kind)
    {
        lock (this) return [.. parked.Where(p => p.Redrive && p.Item.Kind == kind).Select(p => p.Item)];
    }

    public bool Redrive(long id)
    {
        lock (this)
        {
            var at = parked.FindIndex(p => p.Item.Id == id);
            if (at >= 0) parked[at] = (parked[at].Item, true);
            return at >= 0;
        }
    }

    public bool Remove(long id)
    {
        lock (this) return parked.RemoveAll(p => p.Item.Id == id) > 0;
    }
}
