using Streaming.ClickHouse.Native;
using Streaming.Engine.Rows;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.ClickHouse.Tables;

/// <summary>Events and money per minute of the event's own time, by kind, stage, tier and currency.</summary>
internal sealed class ActivityTable() : SumTable<ActivityKey, (long Events, Int128 Amount)>("activity_rows", 60)
{
    private readonly NumberColumn<uint> minute = Native.Columns.DateTime("minute");
    private readonly LowCardinalityColumn topic =
        new("topic"), kind = new("kind"), stage = new("stage"), tier = new("tier"), currency = new("currency");
    private readonly NumberColumn<ulong> events = Native.Columns.UInt64("events");
    private readonly NumberColumn<Int128> amount = Native.Columns.Money("amount");

    protected override NativeColumn[] Columns => [minute, topic, kind, stage, tier, currency, events, amount];

    protected override (long Events, Int128 Amount) Plus((long Events, Int128 Amount) a, (long Events, Int128 Amount) b) =>
        (a.Events + b.Events, a.Amount + b.Amount);

    protected override void Append(ActivityKey key, (long Events, Int128 Amount) sum)
    {
        var of = (EventKind)key.Kind;
        minute.Add(key.Minute * 60);
        topic.Add(TopicNames.Of(of.Topic()));
        kind.Add(of.Name());
        stage.Add(((Stage)key.Stage).Name());
        tier.Add(((Tier)key.Tier).Name());
        currency.Add(RowKeys.Unpack(key.Currency));
        events.Add((ulong)sum.Events);
        amount.Add(sum.Amount);
    }
}
