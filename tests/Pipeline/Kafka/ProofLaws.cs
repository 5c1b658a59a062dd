using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Sources;
using Streaming.Engine.Storing;
using Streaming.Kafka.Reading;

namespace Streaming.Pipeline.Tests.Kafka;

/// <summary>When a moment is proven, every record that the partition held at that moment has been read, in any order of appends, requests
/// and reads.</summary>
public sealed class ProofLaws
{
    private enum Act
    {
        Append,
        Ask,
        Answer,
        Read,
        ReadAll,
    }

    [Fact]
    public void Proof_never_covers_an_unread_record_and_never_goes_back()
    {
        Prop.ForAll(Gen.ListOf(Gen.Elements(Enum.GetValues<Act>())).ToArbitrary(), acts =>
        {
            var partition = new Model();
            foreach (var act in acts)
            {
                var before = partition.State.Proven;
                partition.Do(act);
                var proven = partition.State.Proven;
                Assert.True(proven >= before, "Proof went back.");
                Assert.True(partition.AppendedAt.Count(at => at <= proven) <= partition.State.Next,
                    $"At {proven} the partition held more than was read.");
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_partition_read_to_an_end_offset_is_proven_up_to_that_request()
    {
        Prop.ForAll(Gen.Choose(1, 50).ToArbitrary(), records =>
        {
            var state = new PartitionState("clicks", 0, "life", 0);
            for (var i = 1; i <= records; i++) state.Ends(askedAt: i, end: i * 10);
            for (var offset = 0; offset < 10; offset++) state.Took(offset);
            Assert.Equal(1, state.Proven);
            for (var offset = 10; offset < records * 10; offset++) state.Took(offset);
            Assert.Equal(records, state.Proven);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void End_offsets_of_an_unread_partition_prove_nothing()
    {
        var positions = new ReadingPositions(new StoreHead(), new SourceStatus(),
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        positions.Check(new PartitionLog(new Confluent.Kafka.TopicPartition("clicks", 0), "life", 0, 0), lost: false);
        Assert.False(positions.Ends(new EndOffsets(7, new Dictionary<(string, int), long> { [("clicks", 0)] = 0, [("clicks", 1)] = 0 })));
        Assert.Equal(long.MinValue, positions.Proven);
        positions.Check(new PartitionLog(new Confluent.Kafka.TopicPartition("clicks", 1), "life", 0, 0), lost: false);
        Assert.True(positions.Ends(new EndOffsets(8, new Dictionary<(string, int), long> { [("clicks", 0)] = 0, [("clicks", 1)] = 0 })));
        Assert.Equal(8, positions.Proven);
    }

    /// <summary>A broker's partition, its reader, and one question under way at a time.</summary>
    private sealed class Model
    {
        private long now = 1, askedAt;

        public PartitionState State { get; } = new("clicks", 0, "life", 0);

        public List<long> AppendedAt { get; } = [];

        public void Do(Act act)
        {
            now++;
            switch (act)
            {
                case Act.Append:
                    AppendedAt.Add(now);
                    break;
                case Act.Ask:
                    askedAt = now;
                    break;
                case Act.Answer when askedAt > 0: // the broker looks at any time after it was asked
                    State.Ends(askedAt, AppendedAt.Count);
                    break;
                case Act.Read when State.Next < AppendedAt.Count:
                    State.Took(State.Next);
                    break;
                case Act.ReadAll:
                    State.Reached(AppendedAt.Count);
                    break;
            }
        }
    }
}
