using System.Globalization;
using Streaming.ClickHouse.Native;
using Streaming.Engine.Rows;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using RowGauge = Streaming.Engine.Rows.Gauge;

namespace Streaming.ClickHouse.Tables;

/// <summary>How many members are in each bucket of each gauge now: the sum of all who entered less all who left.</summary>
/// <remarks>
/// Sums of differences are exact because every block lands exactly once. They need no recovery at a restart, while absolute totals would
/// have to be stored in the same transaction as the commit.
/// </remarks>
internal sealed class PopulationTable() : CountTable<(Gauge Gauge, int Bucket)>("population_rows", 40)
{
    private readonly PopulationColumns bucket = new();

    protected override NativeColumn[] Columns => [bucket.Gauge, bucket.Bucket, bucket.Name, bucket.Members];

    protected override void AppendCount((Gauge Gauge, int Bucket) key, long sum) => bucket.Add(key.Gauge, key.Bucket, sum);
}

/// <summary>The same differences by minute: the number at an earlier time is the number now less what was added since.</summary>
internal sealed class PopulationChangesTable() : CountTable<PopulationKey>("population_changes_rows", 48)
{
    private readonly NumberColumn<uint> minute = Native.Columns.DateTime("minute");
    private readonly PopulationColumns bucket = new();

    protected override NativeColumn[] Columns => [minute, bucket.Gauge, bucket.Bucket, bucket.Name, bucket.Members];

    protected override void AppendCount(PopulationKey key, long sum)
    {
        minute.Add(key.Minute * 60);
        bucket.Add(key.Gauge, key.Bucket, sum);
    }
}

/// <summary>The columns both tables have.</summary>
internal sealed class PopulationColumns
{
    public LowCardinalityColumn Gauge { get; } = new("gauge");

    public NumberColumn<int> Bucket { get; } = Columns.Int32("bucket");

    public LowCardinalityColumn Name { get; } = new("name");

    public NumberColumn<long> Members { get; } = Columns.Int64("members");

    public void Add(RowGauge gauge, int bucket, long members)
    {
        Gauge.Add(gauge switch
        {
            RowGauge.Stage => "stage",
            RowGauge.Tier => "tier",
            RowGauge.Level => "level",
            RowGauge.Score => "score",
            RowGauge.AlertDay => "alert_day",
            _ => throw RowChunkReader.Damaged($"there is no gauge {gauge}"),
        });
        Bucket.Add(bucket);
        Name.Add(gauge switch
        {
            RowGauge.Stage => ((Stage)bucket).Name(),
            RowGauge.Tier => ((Tier)bucket).Name(),
            RowGauge.Level => bucket.ToString(CultureInfo.InvariantCulture),
            RowGauge.AlertDay => bucket switch { -2 => "raised", -1 => "none", _ => "due" },
            _ => "",
        });
        Members.Add(members);
    }
}
