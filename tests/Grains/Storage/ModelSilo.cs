using System.Buffers.Binary;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Tests.Storage;

/// <summary>A small model of what a silo does with the store. A member's state is the list of applied offsets, so a lost or repeated
/// record shows.</summary>
/// <param name="opened">The store.</param>
/// <param name="log">Per partition, the member of each record.</param>
internal sealed class ModelSilo(OpenedStore opened, IReadOnlyList<IReadOnlyList<int>> log)
{
    private const string Topic = "clicks";
    private readonly Dictionary<int, (long Generation, long Next)> sessions = [];
    private readonly Dictionary<int, MemberRecord> members = [];
    private readonly Dictionary<(int Partition, int Bucket), long> positions = [];
    private OutboxLease? lease;
    private long number;

    /// <summary>Takes a partition over.</summary>
    public async Task AssignAsync(int partition)
    {
        var given = await opened.Store.AssignAsync(Topic, partition, "life", default);
        sessions[partition] = (given.Generation, given.Next);
        foreach (var known in positions.Keys.Where(k => k.Partition == partition).ToList()) positions.Remove(known);
    }

    /// <summary>Reads up to <paramref name="most"/> records of a partition and writes what they do.
    /// What turns out void is forgotten and assigned again later.</summary>
    /// <param name="partition">The partition; nothing happens when this silo does not read it.</param>
    /// <param name="most">Records.</param>
    /// <param name="answer">What becomes of the store's answer.</param>
    public async Task ReadAsync(int partition, int most, Answer answer)
    {
        if (!sessions.TryGetValue(partition, out var session) || session.Next >= log[partition].Count) return;
        var until = Math.Min(log[partition].Count, session.Next + most);
        var commit = await ApplyAsync(partition, session, until);
        try
        {
            await CommitAsync(commit, answer);
        }
        catch (Exception e) when (e is FencedException or StoreException)
        {
            Forget();
            return;
        }

        number = commit.Number;
        foreach (var member in commit.Members) members[Number(member.Id)] = member;
        foreach (var position in commit.Positions) positions[(partition, position.Bucket)] = position.Next;
        sessions[partition] = (session.Generation, until);
        await opened.Store.ProgressAsync([new PartitionProgress("life", partition, session.Generation, until, until)], default);
    }

    /// <summary>Reads everything that is left, alone.</summary>
    public async Task FinishAsync()
    {
        for (var partition = 0; partition < log.Count; partition++)
        {
            for (var left = true; left;)
            {
                if (!sessions.ContainsKey(partition)) await AssignAsync(partition);
                await ReadAsync(partition, 3, Answer.Arrives);
                left = !sessions.TryGetValue(partition, out var session) || session.Next < log[partition].Count;
            }
        }
    }

    /// <summary>The offsets a member has applied, per partition, in the order it did.</summary>
    public static IReadOnlyList<(int Partition, long Offset)> Applied(MemberRecord member) =>
        [.. member.State.Chunk(12).Select(c =>
            (BinaryPrimitives.ReadInt32LittleEndian(c), BinaryPrimitives.ReadInt64LittleEndian(c.AsSpan(4))))];

    /// <summary>A member's id.</summary>
    public static byte[] Id(int member) => System.Text.Encoding.UTF8.GetBytes($"m{member}");

    private async Task CommitAsync(SiloCommit commit, Answer answer)
    {
        await opened.Store.CommitAsync(commit, default);
        switch (answer)
        {
            case Answer.Lost:
                throw new StoreException("the connection broke", true);
            case Answer.LostAndAskedAgain:
                await opened.Store.CommitAsync(commit, default);
                break;
        }
    }

    private async Task<SiloCommit> ApplyAsync(int partition, (long Generation, long Next) session, long until)
    {
        lease ??= await opened.Outboxes.ClaimAsync("model", TimeSpan.FromMinutes(5), default);
        if (number < 0) number = (await opened.Outboxes.StateAsync(lease, default)).LastCommit;
        var changed = new Dictionary<int, MemberRecord>();
        var moved = new Dictionary<int, BucketPosition>();
        for (var offset = session.Next; offset < until; offset++)
        {
            var member = log[partition][(int)offset];
            var bucket = Bucket.Of(Id(member), OpenedStore.Buckets);
            if (moved.TryGetValue(bucket, out var at) ? offset < at.Next : offset < await PositionAsync(partition, bucket)) continue;
            var from = moved.TryGetValue(bucket, out at) ? at.From : positions[(partition, bucket)];
            moved[bucket] = new BucketPosition("life", partition, bucket, from, offset + 1);
            var state = changed.TryGetValue(member, out var found) ? found : (await MemberAsync(member)) is { } stored
                ? stored with { Version = stored.Version + 1 } : OpenedStore.Member($"m{member}", 1) with { State = [] };
            changed[member] = state with { State = [.. state.State, .. Mark(partition, offset)] };
        }

        return OpenedStore.Commit(lease, number + 1, [.. changed.Values], [.. moved.Values],
            [new Fence("life", partition, session.Generation)], [1]);
    }

    private async Task<long> PositionAsync(int partition, int bucket)
    {
        if (positions.TryGetValue((partition, bucket), out var known)) return known;
        var all = await opened.Store.PositionsAsync("life", partition, default);
        for (var b = 0; b < OpenedStore.Buckets; b++) positions.TryAdd((partition, b), all.GetValueOrDefault(b));
        return positions[(partition, bucket)];
    }

    private async Task<MemberRecord?> MemberAsync(int member)
    {
        if (members.TryGetValue(member, out var known)) return known;
        var stored = await opened.Store.ReadAsync([Id(member)], default);
        if (stored.Count == 0) return null;
        return members[member] = stored[0];
    }

    private void Forget()
    {
        members.Clear();
        positions.Clear();
        sessions.Clear();
        number = -1; // asked for before the next commit
    }

    private static int Number(byte[] id) =>
        int.Parse(System.Text.Encoding.UTF8.GetString(id)[1..], System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Mark(int partition, long offset)
    {
        var mark = new byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(mark, partition);
        BinaryPrimitives.WriteInt64LittleEndian(mark.AsSpan(4), offset);
        return mark;
    }
}

/// <summary>What becomes of the answer to a commit that landed.</summary>
internal enum Answer
{
    Arrives,
    Lost,
    LostAndAskedAgain,
}
