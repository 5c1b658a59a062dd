using System.Collections.Concurrent;

namespace Streaming.Grains.Actors;

/// <summary>The members in memory on this silo, as its receiver knows them. Only the receiver's
/// loop uses it; <see cref="Gone"/> is for any thread.</summary>
/// <remarks>As many as there are activations: the runtime lets go of those not used for long, and of more when memory runs short.</remarks>
internal sealed class ActiveMembers(IGrainFactory grains)
{
    private readonly Dictionary<byte[], ActiveMember> all = new(IdComparer.Instance);
    private readonly ConcurrentQueue<byte[]> gone = new();

    /// <summary>Members in memory.</summary>
    public int Count => all.Count;

    /// <summary>The member of an id.</summary>
    public ActiveMember Of(ReadOnlySpan<byte> id)
    {
        var lookup = all.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(id, out var known)) return known;
        var bytes = id.ToArray();
        var made = new ActiveMember(bytes, grains.GetGrain<IMemberGrain>(GrainId.Create(MemberGrain.Type, new IdSpan(bytes))));
        all[bytes] = made;
        return made;
    }

    /// <summary>Called by a grain that is deactivated. Thread-safe.</summary>
    public void Gone(byte[] id) => gone.Enqueue(id);

    /// <summary>Removes the members whose grains were deactivated. One whose commit is still being written stays, marked as not
    /// loaded.</summary>
    public void Settle()
    {
        while (gone.TryDequeue(out var id))
        {
            if (!all.TryGetValue(id, out var member)) continue;
            if (member.Pending) member.Loaded = false; // what it wrote last is still on its way: whoever loads it must wait for that
            else all.Remove(id);
        }
    }

    /// <summary>Marks every member as not loaded, because a commit did not land. Each is read from the database before its next
    /// turn.</summary>
    public void Forget()
    {
        foreach (var member in all.Values) (member.Loaded, member.Last) = (false, null);
    }

    /// <summary>Lets go of the members that this silo does not own any more.</summary>
    public void KeepOnly(Func<byte[], bool> mine)
    {
        foreach (var member in all.Values.Where(m => !mine(m.Id)).ToList())
        {
            member.Grain.ReleaseAsync().Ignore();
            all.Remove(member.Id);
        }
    }
}

/// <summary>One member in memory, as the receiver knows it.</summary>
internal sealed class ActiveMember(byte[] id, IMemberGrain grain)
{
    public byte[] Id { get; } = id;

    public IMemberGrain Grain { get; } = grain;

    /// <summary>True while the grain is known to hold the state.</summary>
    public bool Loaded { get; set; }

    /// <summary>The group that changed it last.</summary>
    public Group? Last { get; set; }

    /// <summary>True while that group is on its way to the database.</summary>
    public bool Pending => Last is { Durable.IsCompleted: false };

    /// <summary>The member's work in the commit group that is being gathered.</summary>
    public MemberWork? Work { get; set; }
}
