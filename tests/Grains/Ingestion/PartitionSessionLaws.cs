using Confluent.Kafka;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contract.Records;
using Streaming.Engine.Turns;
using Streaming.Grains.Receiving;
using Streaming.Members.Events;
using Streaming.Silo.Ingestion;

namespace Streaming.Grains.Tests.Ingestion;

/// <summary>Whatever is read, lands or fails in whatever order: batches leave in order
/// without gaps, and nothing counts as durable that is not.</summary>
public sealed class PartitionSessionLaws
{
    private static readonly TopicPartition Clicks = new("clicks", 0);

    /// <summary>What happens next.</summary>
    public enum Move
    {
        Read = 0,
        ReadMany = 1,
        ReachEnd = 2,
        Emit = 3,
        Land = 4,
        Fail = 5,
        AnswerOfAnEndedSession = 6,
    }

    [Fact]
    public void Batches_land_without_gaps_and_reported_progress_is_durable() =>
        Prop.ForAll(Gen.Choose(0, 6).Select(m => (Move)m).ListOf().ToArbitrary(), moves => new Course().Holds(moves))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_record_the_program_fails_on_stays_in_the_batch_marked_as_internal()
    {
        var poison = new PoisonLog(NullLogger.Instance);
        var batch = new PartitionBatch(new PartitionSession(Clicks, Topic.Clicks, "log", 1, 0), poison);
        for (var offset = 0; offset < 3; offset++)
        {
            batch.Add(new ConsumeResult<byte[]?, byte[]?>
            {
                TopicPartitionOffset = new TopicPartitionOffset(Clicks, offset),
                Message = new Message<byte[]?, byte[]?>
                {
                    Key = [1], Value = [2, (byte)offset], Timestamp = new Timestamp(5, TimestampType.CreateTime),
                    Headers = offset == 1 ? [new Header("fine", [1]), Nameless()] : [],
                },
            }, bucket: 0);
        }

        var part = batch.Split(_ => "silo").Single().Part;
        var read = new List<(long, RejectReason, string)>();
        for (var at = 0; PartRecords.Next(part, ref at, out var record);)
            read.Add((record.Offset, record.Refused, Convert.ToHexString(record.Value)));
        Assert.Equal([(0L, RejectReason.None, "0200"), (1L, RejectReason.Internal, "0201"), (2L, RejectReason.None, "0202")], read);
        Assert.Equal((1L, 3L, 3), (poison.Records, batch.Next, batch.Count));
    }

    /// <summary>A header that no client makes: the program fails on it.</summary>
    private static Header Nameless()
    {
        var header = new Header("x", [1]);
        typeof(Header).GetProperty(nameof(Header.Key))!.SetValue(header, null);
        return header;
    }

    private sealed class Course
    {
        private static readonly IngestionSettings Limits = new() { BatchRecords = 3 };

        private readonly IngestionStatus status = new();
        private readonly PartitionSessions sessions;
        private PartitionBatch? underway, ended;
        private long generation, read, durable, measured;

        public Course()
        {
            sessions = new PartitionSessions(_ => 0, Limits, status, new PoisonLog(NullLogger.Instance));
            status.Durable = timestamps => measured += timestamps.Count;
        }

        public bool Holds(IEnumerable<Move> moves)
        {
            Begin();
            foreach (var move in moves)
            {
                Do(move);
                if (measured != durable) return false; // each record's way is timed once, when it has landed
                foreach (var (_, progress) in sessions.Unreported(null))
                {
                    if (progress.Generation != generation || progress.Next != durable) return false;
                }
            }

            return true;
        }

        private void Do(Move move)
        {
            switch (move)
            {
                case Move.Read:
                    Read();
                    break;
                case Move.ReadMany:
                    for (var i = 0; i < 5; i++) Read();
                    break;
                case Move.ReachEnd:
                    sessions.Take(new ConsumeResult<byte[]?, byte[]?> { TopicPartitionOffset = new TopicPartitionOffset(Clicks, read),
                        IsPartitionEOF = true });
                    break;
                case Move.Emit:
                    sessions.EmitAll();
                    break;
                case Move.Land when Underway() is { } batch:
                    Check(batch);
                    sessions.Ended(batch, durable: true);
                    durable = batch.Next;
                    underway = null;
                    break;
                case Move.Fail when Underway() is { } batch:
                    sessions.Ended(batch, durable: false);
                    (ended, underway) = (batch, null);
                    Begin();
                    break;
                case Move.AnswerOfAnEndedSession when ended is { } late:
                    sessions.Ended(late, durable: true);
                    break;
            }
        }

        /// <summary>The partition is assigned anew and read again from what is durable.</summary>
        private void Begin()
        {
            read = durable;
            sessions.Begin([new PartitionSession(Clicks, Topic.Clicks, "log", ++generation, durable)]);
            while (sessions.Ready.TryRead(out _))
            {
                // nobody waits for batches of a session that is over
            }
        }

        /// <summary>While there is room: the client is told to pause otherwise.</summary>
        private void Read()
        {
            if (sessions.Where(s => s.Full(Limits)).Count > 0) return;
            sessions.Take(new ConsumeResult<byte[]?, byte[]?>
            {
                TopicPartitionOffset = new TopicPartitionOffset(Clicks, read++),
                Message = new Message<byte[]?, byte[]?> { Key = [1], Value = [2],
                Timestamp = new Timestamp(read, TimestampType.CreateTime) },
            });
        }

        private PartitionBatch? Underway()
        {
            if (underway is null && sessions.Ready.TryRead(out var next)) underway = next;
            return underway;
        }

        /// <summary>A batch begins where the last that landed ended.</summary>
        private void Check(PartitionBatch batch)
        {
            var part = batch.Split(_ => "silo").Single().Part;
            var expected = durable;
            for (var at = 0; PartRecords.Next(part, ref at, out var record); expected++) Assert.Equal(expected, record.Offset);
            Assert.Equal(batch.Next, expected);
            Assert.InRange(part.Count, 1, 3);
            Assert.Equal(generation, part.Generation);
        }
    }
}
