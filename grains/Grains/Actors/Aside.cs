using Streaming.Engine.Turns;

namespace Streaming.Grains.Actors;

/// <summary>The members of this silo whose wake or settling the program failed on (<see cref="AsideMembers"/>). Thread-safe.</summary>
public sealed class Aside
{
    private readonly Lock gate = new();
    private readonly AsideMembers members = new();

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (gate) return members.Count;
        }
    }

    /// <summary>Puts a member aside under these rules.</summary>
    public void Add(ReadOnlySpan<byte> id, ulong rules)
    {
        lock (gate) members.Add(id, rules);
    }

    /// <summary>True for a member that was put aside under these rules.</summary>
    public bool Contains(ReadOnlySpan<byte> id, ulong rules)
    {
        lock (gate) return members.Contains(id, rules);
    }

    /// <summary>The given members without those that are aside.</summary>
    public List<byte[]> Without(IEnumerable<byte[]> ids, ulong rules) => [.. ids.Where(id => !Contains(id, rules))];
}
