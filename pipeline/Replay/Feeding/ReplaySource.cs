using Streaming.Engine.Batches;
using Streaming.Engine.Commits;
using Streaming.Engine.Sources;
using Streaming.Engine.Storing;
using Streaming.Members.Events;
using Streaming.Replay.Running;

namespace Streaming.Replay.Feeding;

/// <summary>Intake of a replay: sends a stretch of the file's rows to Kafka, reads them back, and
/// hands them on in the file's order on the data's own clock.</summary>
/// <remarks>Stretch follows stretch only when the last one is durable and its signals have come back, so the result does not depend on
/// partitions, on timing or on where a run was interrupted; and the broker never holds more than one unread stretch (2 MiB). How many rows
/// are done is a position like any other, durable with the commit that contains them.</remarks>
public sealed class ReplaySource : IBatchSource
{
    /// <summary>The name, in place of a topic, under which the number of rows done is stored among the positions.</summary>
    public const string RowsDone = "replay-rows";

    private const int StretchRows = 10_000;
    private const int StretchBytes = 1_500_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);
    private readonly ReplayTopics topics;
    private readonly ICommitProgress host;
    private readonly ReplayPace pace;
    private readonly IEnumerator<ReplayRow> rows;
    private readonly ReplayClock clock;
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long done, now, latestAt = long.MinValue;
    private bool fileEnded, waiting;

    /// <summary>A replay into one host.</summary>
    /// <param name="topics">The run's topics; disposed of with this.</param>
    /// <param name="host">Applies what is handed on.</param>
    /// <param name="rows">The rows of all files; rows done before an interruption are skipped.</param>
    /// <param name="disorder">By how much rows may be late, milliseconds: wakes wait for it.</param>
    /// <param name="pace">How fast data time passes.</param>
    public ReplaySource(ReplayTopics topics, ICommitProgress host, IEnumerable<ReplayRow> rows, long disorder, ReplayPace pace)
    {
        this.topics = topics;
        this.host = host;
        this.pace = pace;
        this.rows = rows.GetEnumerator();
        done = host.Head.Positions.FirstOrDefault(p => p.Topic == RowsDone).Next;
        clock = new ReplayClock(disorder, host.Head.Now);
        now = clock.Now;
        for (var i = 0L; i < done && this.rows.MoveNext(); i++) latestAt = Math.Max(latestAt, this.rows.Current.At);
    }

    /// <inheritdoc/>
    public SourceStatus Status => topics.Status;

    /// <summary>Completes when every row is committed and every wake of the data's time has acted.</summary>
    public Task Finished => finished.Task;

    /// <summary>Rows done.</summary>
    public long Done => Interlocked.Read(ref done);

    /// <summary>Data time reached, epoch milliseconds.</summary>
    public long Clock => Interlocked.Read(ref now);

    /// <inheritdoc/>
    public void Fill(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop)
    {
        if (!Settled(stop))
        {
            Idle(batch);
            return;
        }

        topics.Begin();
        if (fileEnded)
        {
            End(batch, wait, nextDue, stop);
            return;
        }

        Send(batch, stop);
        topics.ReadBack(batch, host.SignalEnds, stop);
        if (stop.IsCancellationRequested)
        {
            batch.Records.Clear();
            batch.Skipped.Clear();
            Idle(batch);
            return;
        }

        Arrange(batch);
        batch.Positions.Add(new PartitionPosition(RowsDone, 0, topics.Prefix, Interlocked.Read(ref done)));
    }

    /// <inheritdoc/>
    public void Hold(TimeSpan time) => topics.Hold(time);

    /// <inheritdoc/>
    public void Dispose()
    {
        topics.Dispose();
        rows.Dispose();
    }

    /// <summary>The last stretch is durable and its signals are in the broker.</summary>
    private bool Settled(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var last = host.LastPosted;
            if (host.Durable >= last && host.Sent >= last) return true;
            host.WaitForProgress(TimeSpan.FromMilliseconds(20));
        }

        return false;
    }

    private void Idle(Batch batch) => batch.Segments.Add(new Segment(batch.Records.Count, clock.Now, long.MinValue));

    /// <summary>Sends the next stretch.</summary>
    private void Send(Batch batch, CancellationToken stop)
    {
        var bytes = 0;
        for (var n = 0; n < StretchRows && bytes < StretchBytes && !stop.IsCancellationRequested; n++)
        {
            if (!waiting && !rows.MoveNext())
            {
                fileEnded = true;
                break;
            }

            var row = rows.Current;
            waiting = pace.Ahead(row.At) is var ahead && ahead > TimeSpan.Zero;
            if (waiting)
            {
                if (n == 0) stop.WaitHandle.WaitOne(ahead < LongestWait ? ahead : LongestWait);
                break;
            }

            done++;
            if (row.Skipped is { } reason)
            {
                batch.Skipped.Add((row.Topic, reason, row.At));
                continue;
            }

            latestAt = Math.Max(latestAt, row.At);
            topics.Send(row);
            bytes += row.Value.Length + 64;
        }

        topics.Flush(stop);
    }

    /// <summary>Sorts the records: first the signals of the last stretch, then the rows in the file's order. Wakes act whenever the data's
    /// clock passes a whole minute.</summary>
    private void Arrange(Batch batch)
    {
        var records = batch.Records;
        topics.Sort(records);
        for (var i = 0; i < records.Count; i++)
        {
            var at = records[i].Timestamp;
            if (records[i].Topic != Topic.Signals && clock.Passes(at)) batch.Segments.Add(new Segment(i, Segment.OwnTime, clock.Proven));
        }

        batch.Segments.Add(new Segment(records.Count, Segment.OwnTime, long.MinValue));
        Interlocked.Exchange(ref now, clock.Now);
        Idle(batch);
    }

    /// <summary>Every row is committed: first the signals still on their way, then the wakes up to the data's last moment.</summary>
    private void End(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop)
    {
        topics.ReadBack(batch, host.SignalEnds, stop);
        if (batch.Records.Count > 0)
        {
            Arrange(batch);
            return;
        }

        clock.End(latestAt);
        Interlocked.Exchange(ref now, clock.Now);
        var open = nextDue <= clock.Now && latestAt != long.MinValue;
        if (open) batch.Segments.Add(new Segment(0, Segment.OwnTime, clock.Now));
        Idle(batch);
        if (open) return;
        finished.TrySetResult();
        stop.WaitHandle.WaitOne(wait);
    }
}
