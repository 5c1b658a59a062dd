using System.Collections.Concurrent;

namespace Streaming.Kafka.Sending;

/// <summary>The messages handed to the producer and not acknowledged yet, and the last commit of which all are. One thread calls Begin and
/// Ticket; any thread acknowledges.</summary>
/// <param name="acknowledged">The commit up to which all was acknowledged before.</param>
public sealed class InFlight(long acknowledged)
{
    private readonly ConcurrentQueue<PendingSend> commits = new();
    private readonly ConcurrentDictionary<long, PendingSend> byTicket = new();
    private long lastTicket;
    private long acknowledged = acknowledged;

    /// <summary>All messages of the commits up to here are acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref acknowledged);

    /// <summary>The next commit is on its way; in the order of their numbers.</summary>
    public PendingSend Begin(long number)
    {
        var waiting = new PendingSend(number);
        commits.Enqueue(waiting);
        return waiting;
    }

    /// <summary>A number that the delivery reports of its messages carry. Never given twice:
    /// reports of a producer that was given up find nothing.</summary>
    public long Ticket(PendingSend waiting)
    {
        byTicket[++lastTicket] = waiting;
        return lastTicket;
    }

    /// <summary>Whose messages a ticket is for; null when it was given up.</summary>
    public PendingSend? Find(long ticket) => byTicket.GetValueOrDefault(ticket);

    /// <summary>One more message of it is acknowledged, or all of them have been handed over; true when nothing of it is left.</summary>
    public bool Acknowledge(long ticket, PendingSend waiting)
    {
        if (!waiting.Acknowledge()) return false;
        byTicket.TryRemove(ticket, out _);
        lock (commits)
        {
            while (commits.TryPeek(out var first) && first.Done && commits.TryDequeue(out first))
            {
                Interlocked.Exchange(ref acknowledged, first.Number);
            }
        }

        return true;
    }

    /// <summary>Gives up on everything: the producer is made anew, and all of it is sent again.</summary>
    public void Clear()
    {
        byTicket.Clear();
        lock (commits) commits.Clear();
    }
}
