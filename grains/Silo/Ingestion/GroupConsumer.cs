using Streaming.Engine.Storing;

namespace Streaming.Silo.Ingestion;

/// <summary>A member of the consumer group: reads the partitions the group gives it into batches, one on its way per partition.</summary>
/// <remarks>
/// One thread polls; it takes part in the group's <see cref="Rebalance"/> and revives sessions that are over
/// (<see cref="SessionRevival"/>). A fault of the client as a whole ends the consumer; the graph makes another.
/// </remarks>
internal sealed class GroupConsumer : IAsyncDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(100);
    private const int PollsPerTurn = 4_096;

    private readonly GroupClient client;
    private readonly PartitionSessions sessions;
    private readonly SessionRevival revival;
    private readonly GroupProgress progress;
    private readonly CancellationTokenSource stop = new();
    private readonly Thread thread;

    /// <summary>Joins the group and begins to read.</summary>
    /// <param name="join">Makes the client; what it waits for is given up with the token.</param>
    public GroupConsumer(Func<CancellationToken, GroupClient> join, PartitionSessions sessions, SessionRevival revival,
        GroupProgress progress)
    {
        this.sessions = sessions;
        this.revival = revival;
        this.progress = progress;
        client = join(stop.Token);
        thread = new Thread(Run) { IsBackground = true, Name = "kafka-group" };
        thread.Start();
    }

    /// <summary>The next batch; null once it is closed.</summary>
    /// <exception cref="Exception">What ended the consumer.</exception>
    public async Task<PartitionBatch?> ReadAsync()
    {
        while (await sessions.Ready.WaitToReadAsync())
        {
            if (sessions.Ready.TryRead(out var batch)) return batch;
        }

        return null;
    }

    /// <summary>A batch came to its end: durable in every silo it touches, or not known to be.</summary>
    public void Ended(PartitionBatch batch, bool durable) => sessions.Ended(batch, durable);

    /// <summary>Writes progress and proof of all partitions to the database, and offsets into the group for tools that show lag.</summary>
    /// <exception cref="StoreException">The database is away or refuses.</exception>
    public async Task ReportAsync(CancellationToken cancel) => client.Tell(await progress.WriteAsync(cancel));

    /// <summary>Leaves the group once what is on its way has landed, or the time for that is over.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.Run(thread.Join);
        client.Dispose();
        stop.Dispose();
    }

    private void Run()
    {
        Exception? fault = null;
        try
        {
            while (!stop.IsCancellationRequested) Turn();
        }
#pragma warning disable CA1031 // whatever it is ends this consumer; the graph says so and makes another
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault = e;
            sessions.Drop(sessions.Partitions);
        }

        client.Leave();
        sessions.Complete(fault);
    }

    private void Turn()
    {
        var wait = Wait;
        for (var polls = 0; polls < PollsPerTurn && !stop.IsCancellationRequested; polls++)
        {
            if (client.Poll(wait, sessions.End) is not { } result) break;
            wait = TimeSpan.Zero;
            if (sessions.Take(result) is { } full) MakeRoom(full);
        }

        sessions.EmitAll();
        foreach (var session in sessions.PausedWithRoom) client.Resume(session);
        revival.Turn(client, stop.Token);
    }

    /// <summary>A full partition holds the others back for a moment, since pausing it
    /// throws away what the client has fetched ahead.</summary>
    private void MakeRoom(PartitionSession session)
    {
        var until = Environment.TickCount64 + (long)LongestHold.TotalMilliseconds;
        while (Environment.TickCount64 < until && !stop.IsCancellationRequested)
        {
            sessions.BatchEnded.Wait(Wait);
            if (sessions.HasRoom(session)) return;
        }

        client.Pause(session);
    }
}
