using Streaming.Members.Events;

namespace Streaming.Members;

/// <summary>Recognises what was already applied.</summary>
public static class Duplicates
{
    private const int Orders = (int)Topic.Signals + 1;
    private const int Requests = Orders + 1;

    /// <summary>Hash of what makes an event the same event: its source and id. Unique within its topic.</summary>
    public static ulong Identity(MemberEvent e) => StableHash.Of(e.Source.Span, e.Id.Span);

    /// <summary>Looks the event up in the windows, and remembers it when it is new.</summary>
    /// <param name="state">The member's windows; a duplicate leaves them untouched.</param>
    /// <param name="e">The event.</param>
    /// <param name="identity">Its <see cref="Identity"/>.</param>
    /// <returns>True for a duplicate.</returns>
    public static bool Seen(ref RecentState state, MemberEvent e, ulong identity)
    {
        var topic = e.Kind.Topic();
        if (state.Contains((int)topic, identity)) return true;

        if (topic == Topic.Purchases && !e.Order.IsEmpty)
        {
            var order = Order(e);
            if (state.Contains(Orders, order)) return true;
            state.Add(Orders, order);
        }
        else if (e.Kind == EventKind.Redeem && !e.Request.IsEmpty)
        {
            var request = StableHash.Of(e.Request.Span);
            if (state.Contains(Requests, request)) return true;
            state.Add(Requests, request);
        }

        state.Add((int)topic, identity);
        return false;
    }

    // An order is paid once and cancelled once, but may be refunded in parts: two refunds are the same when time and amount agree too.
    private static ulong Order(MemberEvent e)
    {
        var hash = StableHash.Of(e.Order.Span, (ulong)e.Kind);
        if (e.Kind != EventKind.Refunded) return hash;
        Span<long> part = [e.At, e.Amount];
        return StableHash.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes(part), hash);
    }
}
