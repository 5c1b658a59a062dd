using Streaming.ClickHouse.Native;
using Streaming.Engine.Rows;

namespace Streaming.ClickHouse.Tables;

/// <summary>Members active in a day, week or month, by the day of their first own activity: active members, cohorts and
/// retention.</summary>
internal sealed class RetentionTable() : CountTable<RetentionKey>("retention_rows", 40)
{
    private readonly LowCardinalityColumn period = new("period");
    private readonly NumberColumn<ushort> cohort = Native.Columns.Date("cohort"), start = Native.Columns.Date("start");
    private readonly NumberColumn<ulong> members = Native.Columns.UInt64("members");

    protected override NativeColumn[] Columns => [period, cohort, start, members];

    protected override void AppendCount(RetentionKey key, long sum)
    {
        period.Add(key.Period switch { Period.Day => "day", Period.Week => "week", _ => "month" });
        cohort.Add((ushort)Math.Clamp(key.Cohort, 0, ushort.MaxValue));
        start.Add((ushort)Math.Clamp(key.Start, 0, ushort.MaxValue));
        members.Add((ulong)sum);
    }
}
