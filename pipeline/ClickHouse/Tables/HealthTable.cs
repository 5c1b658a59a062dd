using Streaming.ClickHouse.Native;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;

namespace Streaming.ClickHouse.Tables;

/// <summary>The pipeline's own measurements.</summary>
internal sealed class HealthTable() : TableBuffer("health_rows")
{
    private readonly NumberColumn<long> at = Columns.DateTime64("at");
    private readonly LowCardinalityColumn metric = new("metric"), label = new("label");
    private readonly NumberColumn<double> value = Columns.Float64("value");

    public override int Rows => at.Rows;

    public override int Bytes => at.Rows * 48;

    public void Add(ref RowChunkReader row)
    {
        at.Add(row.Signed());
        metric.Add(row.Bytes());
        label.Add(row.Bytes());
        value.Add(row.Double());
    }

    public override FormedBlock? Form(in NativeBlock.Stamp stamp) => Form(stamp, [at, metric, label, value]);
}
