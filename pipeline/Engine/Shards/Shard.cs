using Streaming.Engine.Batches;

namespace Streaming.Engine.Shards;

/// <summary>One owner thread for a share of the members. It takes batches and questions in order.</summary>
/// <remarks>Its mailbox is bounded; shards never call each other.</remarks>
public sealed class Shard : IDisposable
{
    private readonly BatchApplier applier;
    private readonly WorkQueue<object> mailbox;
    private readonly Thread thread;
    private long nextDue = long.MinValue;

    /// <summary>Starts the thread.</summary>
    /// <param name="applier">Applies batches; from now on this thread's, and disposed of with it.</param>
    /// <param name="mailbox">Batches and questions the mailbox holds.</param>
    public Shard(BatchApplier applier, int mailbox)
    {
        this.applier = applier;
        this.mailbox = new WorkQueue<object>(mailbox);
        thread = new Thread(Run) { IsBackground = true, Name = $"shard-{applier.Members.Share.Index}" };
        thread.Start();
    }

    /// <summary>When the next wake of this shard may be due, epoch milliseconds. Read by the intake.</summary>
    public long NextDue => Interlocked.Read(ref nextDue);

    /// <summary>True while members remain to be brought under new rules.</summary>
    public bool Settling => applier.Settling;

    /// <summary>Puts a batch into the mailbox; waits while it is full.</summary>
    public void Post(Batch batch) => mailbox.Add(batch);

    /// <summary>Puts a question into the mailbox; waits while it is full.</summary>
    public void Post(MemberQuery query) => mailbox.Add(query);

    /// <summary>Lets it finish what is in the mailbox, and waits until its thread has ended.</summary>
    public void Dispose()
    {
        mailbox.Complete();
        thread.Join();
        applier.Dispose();
    }

    private void Run()
    {
        while (mailbox.Take(out var item))
        {
            if (item is Batch batch) Apply(batch);
            else applier.Members.Answer((MemberQuery)item);
        }
    }

    private void Apply(Batch batch)
    {
        try
        {
            applier.Apply(batch);
            Interlocked.Exchange(ref nextDue, applier.Members.NextDue);
        }
#pragma warning disable CA1031 // whatever it is, it is told to the host, which stops and says so
        catch (Exception e)
#pragma warning restore CA1031
        {
            batch.Results[applier.Members.Share.Index].Fault = e;
        }

        batch.Done();
    }
}
