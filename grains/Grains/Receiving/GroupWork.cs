using Streaming.Contract.Identity;
using Streaming.Contract.Records;
using Streaming.Grains.Actors;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Receiving;

/// <summary>A group while it is gathered and applied: what each member is to do, and what
/// the commit will hold. Used by the receiver's loop alone.</summary>
internal sealed class GroupWork(Group group, SiloAddress local)
{
    private readonly List<BucketPositions> partitions = [];

    public Group Group { get; } = group;

    /// <summary>Members with work, in the order of their first record.</summary>
    public List<ActiveMember> Members { get; } = [];

    /// <summary>Whoever waits for the group to be durable.</summary>
    public List<InboxItem> Items { get; } = [];

    /// <summary>Members as they are after it.</summary>
    public List<MemberRecord> Changed { get; } = [];

    public List<BucketPosition> Positions { get; } = [];

    public List<Fence> Fences { get; } = [];

    /// <summary>Records left out because they were applied before.</summary>
    public int Repeated { get; set; }

    /// <summary>How long reading its members and applying took; null when no record came with it.</summary>
    public TimeSpan? ApplyTime { get; set; }

    /// <summary>True when there is something to write.</summary>
    public bool HasWork => Changed.Count > 0 || Positions.Count > 0;

    /// <summary>Adds a part's records. A record whose key is no valid member id becomes a dead letter here.</summary>
    public void Add(InboxItem item, BucketPositions positions, ActiveMembers active, Func<ReadOnlySpan<byte>, int> bucketOf)
    {
        Items.Add(item);
        if (!partitions.Contains(positions)) partitions.Add(positions);
        var at = 0;
        while (PartRecords.Next(item.Part!, ref at, out var record))
        {
            if (!positions.Move(bucketOf(record.Key), record.Offset)) Repeated++;
            else if (!Ids.IsMember(record.Key)) Reject(record);
            else Of(active.Of(record.Key)).Records.Add(record);
        }
    }

    /// <summary>Takes members in that are to be looked at without an event.</summary>
    public void Add(InboxItem item, ActiveMembers active)
    {
        Items.Add(item);
        foreach (var id in item.Ids)
        {
            var work = Of(active.Of(id));
            work.Settle |= item.Proven == long.MinValue;
            work.Proven = Math.Max(work.Proven, item.Proven);
        }
    }

    /// <summary>Collects the positions the group moves. Call it when all items are added.</summary>
    public void Close()
    {
        foreach (var positions in partitions) positions.Collect(Positions, Fences);
    }

    /// <summary>Answers all who wait.</summary>
    public void End(ReceiverAnswer delivery)
    {
        Group.End(delivery == ReceiverAnswer.Landed);
        Group.Contexts.Release();
        foreach (var item in Items) item.End(delivery);
    }

    private MemberWork Of(ActiveMember member)
    {
        if (member.Work is { } work && ReferenceEquals(work.Group, Group)) return work;
        member.Work = new MemberWork { From = local, Group = Group };
        Members.Add(member);
        return member.Work;
    }

    private void Reject(in InputRecord record)
    {
        var context = Group.Contexts.Rent();
        context.Applier.Decode(record, Group.Rules, context.Part);
        if (context.Applier.Fault is { } fault) context.Poison.Record(record.Topic, record.Partition, record.Offset, fault);
        Group.Contexts.Return(context);
    }
}
