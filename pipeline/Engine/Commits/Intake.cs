using Streaming.Engine.Batches;
using Streaming.Engine.Sources;

namespace Streaming.Engine.Commits;

/// <summary>Gathers batches and hands them on, in order. One thread.</summary>
/// <remarks>
/// How much comes together follows from the load: a batch takes what is waiting when there is room for it, so an idle pipeline commits
/// single events at once and a busy one thousands. When nothing may be taken in, fetching is held (<see cref="IntakeGate"/>).
/// </remarks>
public sealed class Intake : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(50);
    private readonly IBatchSource source;
    private readonly IntakeGate gate;
    private readonly BatchDispatcher batches;
    private readonly Recovery recovery;
    private readonly BlockedFact blocked;
    private readonly Action<Exception> fault;
    private readonly CancellationTokenSource stop = new();
    private readonly Thread thread;

    /// <summary>An intake that has not started.</summary>
    /// <param name="source">Fills batches.</param>
    /// <param name="gate">Says whether it may.</param>
    /// <param name="batches">Takes them on.</param>
    /// <param name="recovery">Comes before the first of them.</param>
    /// <param name="blocked">Keeps what blocks the source.</param>
    /// <param name="fault">Is told what ended the thread before <see cref="Stop"/>.</param>
    public Intake(
        IBatchSource source, IntakeGate gate, BatchDispatcher batches, Recovery recovery, BlockedFact blocked, Action<Exception> fault)
    {
        this.source = source;
        this.gate = gate;
        this.batches = batches;
        this.recovery = recovery;
        this.blocked = blocked;
        this.fault = fault;
        thread = new Thread(Run) { IsBackground = true, Name = "intake" };
    }

    public void Start() => thread.Start();

    /// <summary>Stops taking in, writes every changed member to the store, and ends.</summary>
    public void Stop()
    {
        stop.Cancel();
        if (thread.IsAlive) thread.Join();
    }

    public void Dispose() => stop.Dispose();

    private void Run()
    {
        try
        {
            if (!recovery.Run(stop.Token)) return; // stopped half-way: nothing may be written behind commits that are not applied again yet
            while (!stop.IsCancellationRequested) Turn();
            while (!batches.AllSnapshotsWritten && batches.Take() is { } batch) batches.Flush(batch);
        }
#pragma warning disable CA1031 // told to the host, which stops the process with the sentence
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault(e);
        }
    }

    private void Turn()
    {
        if (gate.Pass(source) is not { } batch) return;
        blocked.Keep(source.Status.Blocked);
        var nextDue = batches.NextDue;
        source.Fill(batch, Idle, nextDue, stop.Token);
        if (HasWork(batch, nextDue)) batches.Post(batch);
        else batches.Return(batch);
    }

    private bool HasWork(Batch batch, long nextDue)
    {
        if (batch.Records.Count > 0 || batch.Positions.Count > 0 || batch.Skipped.Count > 0) return true;
        foreach (var segment in batch.Segments)
        {
            if (segment.Proven != long.MinValue && segment.Proven >= nextDue) return true;
        }

        return batches.WantsOne();
    }
}
