using Streaming.ClickHouse.Native;
using Streaming.Engine.Rows;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.ClickHouse.Tables;

/// <summary>Members who went from one stage to another, per minute.</summary>
internal sealed class TransitionsTable() : CountTable<TransitionKey>("transitions_rows", 40)
{
    private readonly NumberColumn<uint> minute = Native.Columns.DateTime("minute");
    private readonly LowCardinalityColumn from = new("from_stage"), to = new("to_stage");
    private readonly NumberColumn<ulong> members = Native.Columns.UInt64("members");

    protected override NativeColumn[] Columns => [minute, from, to, members];

    protected override void AppendCount(TransitionKey key, long sum)
    {
        minute.Add(key.Minute * 60);
        from.Add(((Stage)key.From).Name());
        to.Add(((Stage)key.To).Name());
        members.Add((ulong)sum);
    }
}
