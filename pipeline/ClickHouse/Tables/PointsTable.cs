using Streaming.ClickHouse.Native;
using Streaming.Engine.Rows;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.ClickHouse.Tables;

/// <summary>Ledger entries and points per minute, by kind, rule, stage and tier: what dashboards read instead of the ledger.</summary>
internal sealed class PointsTable() : SumTable<PointsKey, (long Entries, long Points)>("points_rows", 60)
{
    private readonly NumberColumn<uint> minute = Native.Columns.DateTime("minute");
    private readonly LowCardinalityColumn kind = new("kind"), rule = new("rule"), stage = new("stage"), tier = new("tier");
    private readonly NumberColumn<ulong> entries = Native.Columns.UInt64("entries");
    private readonly NumberColumn<long> points = Native.Columns.Int64("points");

    protected override NativeColumn[] Columns => [minute, kind, rule, stage, tier, entries, points];

    protected override (long Entries, long Points) Plus((long Entries, long Points) a, (long Entries, long Points) b) =>
        (a.Entries + b.Entries, a.Points + b.Points);

    protected override void Append(PointsKey key, (long Entries, long Points) sum)
    {
        minute.Add(key.Minute * 60);
        kind.Add(((EffectKind)key.Kind).Name());
        rule.Add(key.Rule);
        stage.Add(((Stage)key.Stage).Name());
        tier.Add(((Tier)key.Tier).Name());
        entries.Add((ulong)sum.Entries);
        points.Add(sum.Points);
    }
}
