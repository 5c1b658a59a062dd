using Streaming.ClickHouse.Native;
using Streaming.Engine.Rows;
using Streaming.Members.Events;

namespace Streaming.ClickHouse.Tables;

/// <summary>Records that changed nothing, per minute, by topic and reason; repeats have the reason <c>duplicate</c>.</summary>
internal sealed class RejectsTable() : CountTable<RejectKey>("rejects_rows", 40)
{
    private readonly NumberColumn<uint> minute = Native.Columns.DateTime("minute");
    private readonly LowCardinalityColumn topic = new("topic"), reason = new("reason");
    private readonly NumberColumn<ulong> records = Native.Columns.UInt64("records");

    protected override NativeColumn[] Columns => [minute, topic, reason, records];

    protected override void AppendCount(RejectKey key, long sum)
    {
        minute.Add(key.Minute * 60);
        topic.Add(TopicNames.Of((Topic)key.Topic));
        reason.Add(key.Reason);
        records.Add((ulong)sum);
    }
}
