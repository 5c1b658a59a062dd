using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.Events;

namespace Streaming.Pipeline.Tests.Contract.Decoding;

public class AllocationTests
{
    [Fact]
    public void Decoding_allocates_nothing_for_events_and_rejects()
    {
        var records = new[]
        {
            Records.Of(Topic.Clicks, "m-1",
            """{"id":"c1","member":"m-1","at":"2026-03-01T10:00:00Z","kind":"view","target":"p\u0031","unknown":{"a":[1,2]}}"""),
            Records.Of(Topic.Purchases, "m-1",
            """{"id":"p1","member":"m-1","at":1772355600250,"kind":"paid","order":"o","amount":1.5,"currency":"EUR","items":[{"sku":"a","price":1}],"coupons":["X"]}"""),
            Records.Of(Topic.Chats, "m-1", """{"order":"o1"}""", ("ce_specversion", "1.0"), ("ce_source", "/s"), ("ce_id", "1"),
            ("ce_type", "x.message"), ("ce_time", "2026-03-01T10:00:00Z"), ("ce_subject", "m-1")),
            Records.Of(Topic.Clicks, "m-1",
            """{"specversion":"1.0","id":"e1","source":"/shop","type":"view","time":"2026-03-01T10:00:00Z","subject":"m-1","data":{}}"""),
            Records.Of(Topic.Members, "m-1",
            """{"id":"f1","member":"m-1","at":1772355600250,"kind":"updated","timezone":"Europe/Paris","attributes":{"a":1,"b":true},"consent":{"email":true}}"""),
            Records.Of(Topic.Chats, "m-1", "{}", ("ce_id", "1")),
            Records.Of(Topic.Members, "m-1",
            """{"id":17,"member":"m-1","at":1772355600250,"kind":"consent","timezone":"utc+8","birthday":"never","consent":{"Email":"NO"},"at2":1}"""),
            Records.Of(Topic.Members, "m-1", """{"id":"f1","member":"m-1","kind":"consent","consent":{"email":false}}"""),
            Records.Of(Topic.Clicks, "m-1", "{not json"),
            Records.Of(Topic.Clicks, "m-1", """{"id":"c1","member":"m-2","at":1772355600250,"kind":"view"}"""),
            Records.Of(Topic.Purchases, "m-1", """{"id":"c1","member":"m-1","at":"soon","kind":"paid","amount":-1}"""),
        };
        var decoder = new EventDecoder();
        var e = new MemberEvent();
        void All()
        {
            foreach (ref readonly var record in records.AsSpan())
            {
                if (decoder.Decode(record, e) != RejectReason.None) decoder.ReadRefusals(record, e);
            }
        }

        for (var i = 0; i < 100; i++) All();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) All();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
