using System.Buffers;

namespace Streaming.Engine.Rows;

/// <summary>The encoding of each kind of added-up row in a chunk. The order of the calls is the format; each reader stands beside its
/// writer.</summary>
public static class RowEncoding
{
    public static void Write(IBufferWriter<byte> to, ActivityKey key, (long Events, Int128 Amount) sum)
    {
        to.Unsigned(key.Minute);
        to.Byte(key.Kind);
        to.Byte(key.Stage);
        to.Byte(key.Tier);
        to.Unsigned(key.Currency);
        to.Signed(sum.Events);
        to.Wide(sum.Amount);
    }

    public static ActivityKey Activity(ref RowChunkReader from, out (long Events, Int128 Amount) sum)
    {
        var key = new ActivityKey((uint)from.Unsigned(), from.Byte(), from.Byte(), from.Byte(), from.Unsigned());
        sum = (from.Signed(), from.Wide());
        return key;
    }

    public static void Write(IBufferWriter<byte> to, PointsKey key, (long Entries, long Points) sum)
    {
        to.Unsigned(key.Minute);
        to.Byte(key.Kind);
        to.Byte(key.Stage);
        to.Byte(key.Tier);
        to.Utf8(key.Rule);
        to.Signed(sum.Entries);
        to.Signed(sum.Points);
    }

    public static PointsKey Points(ref RowChunkReader from, out (long Entries, long Points) sum)
    {
        var key = new PointsKey((uint)from.Unsigned(), from.Byte(), from.Byte(), from.Byte(), InternedTexts.Of(from.Bytes()));
        sum = (from.Signed(), from.Signed());
        return key;
    }

    public static void Write(IBufferWriter<byte> to, TransitionKey key, long members)
    {
        to.Unsigned(key.Minute);
        to.Byte(key.From);
        to.Byte(key.To);
        to.Signed(members);
    }

    public static TransitionKey Transition(ref RowChunkReader from, out long members)
    {
        var key = new TransitionKey((uint)from.Unsigned(), from.Byte(), from.Byte());
        members = from.Signed();
        return key;
    }

    public static void Write(IBufferWriter<byte> to, PopulationKey key, long delta)
    {
        to.Unsigned(key.Minute);
        to.Byte((byte)key.Gauge);
        to.Signed(key.Bucket);
        to.Signed(delta);
    }

    public static PopulationKey Population(ref RowChunkReader from, out long delta)
    {
        var key = new PopulationKey((uint)from.Unsigned(), (Gauge)from.Byte(), (int)from.Signed());
        delta = from.Signed();
        return key;
    }

    public static void Write(IBufferWriter<byte> to, RejectKey key, long records)
    {
        to.Unsigned(key.Minute);
        to.Byte(key.Topic);
        to.Utf8(key.Reason);
        to.Signed(records);
    }

    public static RejectKey Reject(ref RowChunkReader from, out long records)
    {
        var key = new RejectKey((uint)from.Unsigned(), from.Byte(), InternedTexts.Of(from.Bytes()));
        records = from.Signed();
        return key;
    }

    public static void Write(IBufferWriter<byte> to, RetentionKey key, long members)
    {
        to.Byte((byte)key.Period);
        to.Signed(key.Cohort);
        to.Signed(key.Start);
        to.Signed(members);
    }

    public static RetentionKey Retention(ref RowChunkReader from, out long members)
    {
        var key = new RetentionKey((Period)from.Byte(), (int)from.Signed(), (int)from.Signed());
        members = from.Signed();
        return key;
    }

    public static void Write(IBufferWriter<byte> to, UInt128 pseudonym, MemberRow row)
    {
        to.Fixed((ulong)(pseudonym >> 64));
        to.Fixed((ulong)pseudonym);
        to.Signed(row.FirstSeen);
        to.Signed(row.Updated);
        to.Signed(row.Events);
        to.Byte(row.Stage);
        to.Byte(row.Tier);
        to.Byte(row.Level);
    }

    public static UInt128 Member(ref RowChunkReader from, out MemberRow row)
    {
        var pseudonym = new UInt128(from.Fixed(), from.Fixed());
        row = new MemberRow(from.Signed(), from.Signed(), from.Signed(), from.Byte(), from.Byte(), from.Byte());
        return pseudonym;
    }
}
