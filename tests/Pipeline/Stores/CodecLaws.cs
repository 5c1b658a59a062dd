using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Members.Snapshots;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>A decoded commit equals the encoded one: order, clocks, bytes, and the difference between null and empty.</summary>
public sealed class CodecLaws
{
    private static readonly RuleSet Rules = RulesLoader.Load("{}").Rules!;
    private static readonly Gen<byte[]?> Absent =
        Gen.OneOf(Gen.Constant((byte[]?)null), ArbMap.Default.GeneratorFor<byte[]>().Select(b => (byte[]?)b));
    private static readonly Gen<byte[]> Bytes = ArbMap.Default.GeneratorFor<byte[]>();

    private static readonly Gen<(Topic Topic, int Partition, long Offset, long Timestamp, byte[]? Key, byte[]? Value,
        byte[] Headers)> Record =
        from topic in Gen.Elements(Enum.GetValues<Topic>())
        from partition in Gen.Choose(0, 1_000)
        from offset in ArbMap.Default.GeneratorFor<long>()
        from timestamp in ArbMap.Default.GeneratorFor<long>()
        from key in Absent
        from value in Absent
        from headers in Bytes
        select (topic, partition, offset, timestamp, key, value, headers);

    [Fact]
    public void A_sequence_comes_back_as_it_was()
    {
        var turn = from segment in Gen.Choose(0, 5) from kind in Gen.Elements(EventlessKind.Wake, EventlessKind.Settle) from id in Bytes
            select new EventlessTurn(segment, kind, id);
        var whole = from records in Gen.ListOf(Record)
                    from clocks in Gen.ArrayOf(ArbMap.Default.GeneratorFor<long>(), 4)
                    from first in Gen.ListOf(turn)
                    from second in Gen.ListOf(turn)
                    select (Records: records, Clocks: clocks, EventlessTurns: new[] { first, second });
        byte[] buffer = []; // one for all, as the committer has it: what a longer sequence left behind does no harm
        Prop.ForAll(whole.ToArbitrary(), it =>
        {
            var batch = new Batch(2) { Rules = Rules };
            foreach (var r in it.Records) Add(batch, r);
            batch.Segments.Add(new Segment(0, it.Clocks[0], it.Clocks[1]));
            batch.Segments.Add(new Segment(it.Records.Count, it.Clocks[2], it.Clocks[3]));
            for (var i = 0; i < batch.Records.Count; i += 2) batch.Refuse(i, RejectReason.Internal); // as shards do
            for (var shard = 0; shard < 2; shard++) batch.Results[shard].EventlessTurns.AddRange(it.EventlessTurns[shard]);

            var read = new Batch(3) { Rules = Rules };
            SequenceCodec.Decode(SequenceCodec.Encode(batch, new SnapshotWriter(), ref buffer).Span, read, out var rules);
            Assert.Equal(Rules.Hash, rules);
            Assert.Equal(batch.Segments, read.Segments);
            Assert.Equal(batch.Records.Select(r => (r.Refused, r.Cut)), read.Records.Select(r => (r.Refused, r.Cut)));
            Assert.Equal(it.EventlessTurns.SelectMany(t => t).Select(t => (t.Segment, t.Kind, Convert.ToHexString(t.Id))),
                read.Recorded.Select(t => (t.Segment, t.Kind, Convert.ToHexString(t.Id))));
            Assert.Equal(it.Records.Select(Text), read.Records.Select(r => Text((
                r.Topic, r.Partition, r.Offset, r.Timestamp, r.KeyLength < 0 ? null : r.Key.ToArray(), r.ValueLength < 0 ? null
                    : r.Value.ToArray(), r.Buffer.AsSpan(r.HeadersStart, r.HeadersLength).ToArray()))));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_damaged_sequence_is_read_as_something_or_refused_as_damage_of_the_store()
    {
        var batch = new Batch(1) { Rules = Rules };
        Add(batch, (Topic.Clicks, 3, 70, 1_000, "ann"u8.ToArray(), "{}"u8.ToArray(), [1, 2, 3]));
        Add(batch, (Topic.Purchases, 0, -1, -5, null, new byte[300], []));
        batch.Segments.Add(new Segment(2, 5_000, 4_000));
        batch.Results[0].EventlessTurns.Add(new EventlessTurn(0, EventlessKind.Wake, "bob"u8.ToArray()));
        byte[] buffer = [];
        var whole = SequenceCodec.Encode(batch, new SnapshotWriter(), ref buffer).ToArray();
        for (var length = 0; length < whole.Length; length++) Assert.False(Reads(whole[..length]), $"The first {length} bytes were read.");
        Prop.ForAll(Gen.Choose(0, whole.Length - 1).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (at, value) =>
        {
            var damaged = whole.ToArray();
            damaged[at] = (byte)value;
            if (Reads(damaged)) Assert.NotEqual(0, damaged[0]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

        static bool Reads(byte[] bytes)
        {
            try
            {
                SequenceCodec.Decode(bytes, new Batch(1) { Rules = Rules }, out _);
                return true;
            }
            catch (StoreException e)
            {
                Assert.False(e.Retryable);
                return false;
            }
        }
    }

    [Fact]
    public void A_sequence_of_format_0_is_damage_and_of_a_later_one_a_newer_programs()
    {
        Assert.Contains("damaged", Assert.Throws<StoreException>(() => Decode(0)).Message, StringComparison.Ordinal);
        Assert.Contains("newer", Assert.Throws<StoreException>(() => Decode(255)).Message, StringComparison.Ordinal);

        static void Decode(byte format) => SequenceCodec.Decode([format], new Batch(1) { Rules = Rules }, out _);
    }

    [Fact]
    public void Damaged_outputs_are_refused_as_damage_of_the_store()
    {
        byte[] damaged = [200, 1, 0]; // 200 bytes of messages, and there is one
        Assert.Contains("damaged", Assert.Throws<StoreException>(() => OutputCodec.Messages(damaged).Length).Message,
            StringComparison.Ordinal);
        Assert.Contains("damaged", Assert.Throws<StoreException>(() => OutputCodec.Rows(damaged, _ => { })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_come_back_in_the_order_of_the_shards()
    {
        Prop.ForAll(Gen.ArrayOf(Bytes, 3).ToArbitrary(), Gen.ArrayOf(Bytes, 3).ToArbitrary(), Bytes.ToArbitrary(),
            (messages, rows, health) =>
        {
            var batch = new Batch(3) { Rules = Rules };
            for (var shard = 0; shard < 3; shard++)
            {
                batch.Results[shard].Messages.Write(messages[shard]);
                batch.Results[shard].Rows.Write(rows[shard]);
            }

            var outputs = OutputCodec.Encode(batch.Results, health, new SnapshotWriter());
            Assert.Equal(messages.SelectMany(m => m), OutputCodec.Messages(outputs).ToArray());
            var chunks = new List<byte[]>();
            OutputCodec.Rows(outputs, chunk => chunks.Add(chunk.ToArray()));
            Assert.Equal(rows.Append(health).Where(r => r.Length > 0), chunks);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Messages_come_back_one_by_one()
    {
        var message = from topic in Gen.Elements(Enum.GetValues<OutputTopic>()) from key in Absent from value in Absent
            select (Topic: topic, Key: key, Value: value);
        Prop.ForAll(Gen.ListOf(message).ToArbitrary(), all =>
        {
            var bytes = new ArrayBufferWriter<byte>();
            foreach (var (topic, key, value) in all)
            {
                OutputMessages.Write(bytes, topic, key, key is not null, value, value is not null, default);
            }
            var rest = bytes.WrittenSpan;
            foreach (var (topic, key, value) in all)
            {
                Assert.True(OutputMessages.Next(ref rest, out var read));
                Assert.Equal(topic, read.Topic);
                Assert.Equal(key, read.Key);
                Assert.Equal(value, read.Value);
                Assert.True(read.Headers.IsEmpty);
            }

            Assert.False(OutputMessages.Next(ref rest, out _));
        }).QuickCheckThrowOnFailure();
    }

    private static void Add(Batch batch, (Topic Topic, int Partition, long Offset, long Timestamp, byte[]? Key, byte[]? Value,
        byte[] Headers) r)
    {
        var (key, value) = (r.Key?.Length ?? 0, r.Value?.Length ?? 0);
        var span = batch.Reserve(key + value + r.Headers.Length, out var start);
        r.Key?.CopyTo(span);
        r.Value?.CopyTo(span[key..]);
        r.Headers.CopyTo(span[(key + value)..]);
        batch.Add(r.Topic, r.Partition, r.Offset, r.Timestamp, (start, r.Key?.Length ?? -1), (start + key, r.Value?.Length ?? -1),
            (start + key + value, r.Headers.Length));
    }

    private static string Text((Topic Topic, int Partition, long Offset, long Timestamp, byte[]? Key, byte[]? Value, byte[] Headers) r) =>
        $"{r.Topic}/{r.Partition}@{r.Offset} {r.Timestamp} {Hex(r.Key)} {Hex(r.Value)} {Hex(r.Headers)}";

    private static string Hex(byte[]? bytes) => bytes is null ? "none" : Convert.ToHexString(bytes);
}
