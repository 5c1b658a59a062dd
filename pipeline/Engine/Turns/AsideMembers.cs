using System.Text;

namespace Streaming.Engine.Turns;

/// <summary>Members whose wake or settling this program failed on: not tried again before the next
/// start or other rules, so that they do not hold up others.</summary>
/// <remarks>Holds at most <see cref="Most"/> members. Beyond that the oldest is forgotten and tried again, which only costs time. Not
/// thread-safe.</remarks>
public sealed class AsideMembers
{
    /// <summary>Members it holds at most.</summary>
    public const int Most = 10_000;

    private readonly HashSet<string> members = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();
    private ulong under;

    /// <summary>How many there are.</summary>
    public int Count => members.Count;

    /// <summary>Puts a member aside under these rules; other rules than before make all of them be tried again.</summary>
    public void Add(ReadOnlySpan<byte> id, ulong rules)
    {
        Look(rules);
        var name = Name(id);
        if (!members.Add(name)) return;
        order.Enqueue(name);
        if (order.Count > Most) members.Remove(order.Dequeue());
    }

    /// <summary>True for a member that was put aside under these rules; other rules make all of them be tried again.</summary>
    public bool Contains(ReadOnlySpan<byte> id, ulong rules)
    {
        Look(rules);
        return members.Count > 0 && members.Contains(Name(id));
    }

    private void Look(ulong rules)
    {
        if (under == rules) return;
        under = rules;
        members.Clear();
        order.Clear();
    }

    private static string Name(ReadOnlySpan<byte> id) => Encoding.UTF8.GetString(id);
}
