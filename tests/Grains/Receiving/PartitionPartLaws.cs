using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Contract.Records;
using Streaming.Grains.Receiving;
using Streaming.Members.Events;

namespace Streaming.Grains.Tests.Receiving;

/// <summary>A record comes out of a part as it went in, null and empty told apart.</summary>
public sealed class PartitionPartLaws
{
    [Fact]
    public void A_part_gives_back_key_value_headers_offset_and_timestamp()
    {
        var bytes = Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf();
        var nullable = Gen.OneOf(bytes.Select(b => (byte[]?)b), Gen.Constant((byte[]?)null));
        var records = (from key in nullable
                       from value in nullable
                       from headers in bytes
                       from offset in Gen.Choose(0, int.MaxValue)
                       from timestamp in Gen.Choose(int.MinValue, int.MaxValue)
                       select (Key: key, Value: value, Headers: headers, Offset: (long)offset, Timestamp: (long)timestamp)).ListOf();
        Prop.ForAll(records.ToArbitrary(), all =>
        {
            var to = new ArrayBufferWriter<byte>();
            foreach (var r in all)
            {
                byte[] buffer = [.. r.Key ?? [], .. r.Value ?? [], .. r.Headers];
                var (key, value) = (r.Key?.Length ?? -1, r.Value?.Length ?? -1);
                var valueStart = Math.Max(key, 0);
                PartRecords.Write(to, new InputRecord(Topic.Chats, 3, r.Offset, r.Timestamp, buffer, 0, key, valueStart, value, valueStart +
                    Math.Max(value, 0), r.Headers.Length));
            }

            var part = new PartitionPart("id", Topic.Chats, 3, 1, all.Count, to.WrittenSpan.ToArray());
            var at = 0;
            foreach (var r in all)
            {
                Assert.True(PartRecords.Next(part, ref at, out var record));
                Assert.Equal((r.Offset, r.Timestamp, r.Key?.Length ?? -1, r.Value?.Length ?? -1),
                    (record.Offset, record.Timestamp, record.KeyLength, record.ValueLength));
                Assert.Equal(r.Key ?? [], record.Key.ToArray());
                Assert.Equal(r.Value ?? [], record.Value.ToArray());
                Assert.Equal(r.Headers, record.Buffer.AsSpan(record.HeadersStart, record.HeadersLength).ToArray());
            }

            Assert.False(PartRecords.Next(part, ref at, out _));
        }).QuickCheckThrowOnFailure();
    }
}
