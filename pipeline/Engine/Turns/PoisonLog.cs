using Microsoft.Extensions.Logging;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Members.Events;

namespace Streaming.Engine.Turns;

/// <summary>Logs records and members that this program failed on, with the stack trace that shows where. Thread-safe.</summary>
/// <remarks>One trace a second at most: a record that a producer sends again and again must not fill the disk with traces. All are
/// counted.</remarks>
public sealed class PoisonLog(ILogger log)
{
    private const long Pause = 1_000;
    private long records, turns, saidAt = -Pause;

    /// <summary>Records it failed on since the start.</summary>
    public long Records => Interlocked.Read(ref records);

    /// <summary>Members it failed on since the start when they were due, or the rules changed.</summary>
    public long Turns => Interlocked.Read(ref turns);

    /// <summary>True for a failure that is about what was being handled: the store's and the machine's are not.</summary>
    public static bool IsPoison(Exception e) => e is not (StoreException or OutOfMemoryException or OperationCanceledException);

    /// <summary>A record could not be handled: it becomes a dead letter.</summary>
    public void Record(Topic topic, int partition, long offset, Exception e)
    {
        var count = Interlocked.Increment(ref records);
        if (MayLog()) log.RecordFailed(InputTopics.Name(topic), partition, offset, count, e);
    }

    /// <summary>A member could not be looked at: it is put aside.</summary>
    /// <param name="kind">What it was looked at for.</param>
    public void Turn(EventlessKind kind, Exception e)
    {
        var count = Interlocked.Increment(ref turns);
        if (!MayLog()) return;
        if (kind == EventlessKind.Wake) log.WakeFailed(count, e);
        else log.SettleFailed(count, e);
    }

    private bool MayLog()
    {
        var (now, last) = (Environment.TickCount64, Interlocked.Read(ref saidAt));
        return now - last >= Pause && Interlocked.CompareExchange(ref saidAt, now, last) == last;
    }
}
