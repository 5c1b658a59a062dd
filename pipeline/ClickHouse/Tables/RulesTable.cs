using Streaming.ClickHouse.Native;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;

namespace Streaming.ClickHouse.Tables;

/// <summary>Which rules were in force from when, with the half-life needed to read score bins.</summary>
internal sealed class RulesTable() : TableBuffer("rules_rows")
{
    private readonly NumberColumn<long> since = Columns.DateTime64("since");
    private readonly LowCardinalityColumn version = new("version");
    private readonly NumberColumn<double> halfLife = Columns.Float64("score_half_life");

    public override int Rows => since.Rows;

    public override int Bytes => since.Rows * 60;

    public void Add(ref RowChunkReader row)
    {
        since.Add(row.Signed());
        version.Add(row.Bytes());
        halfLife.Add(row.Signed() / 1000.0);
    }

    public override FormedBlock? Form(in NativeBlock.Stamp stamp) => Form(stamp, [since, version, halfLife]);
}
