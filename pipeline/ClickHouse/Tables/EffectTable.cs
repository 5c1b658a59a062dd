using Streaming.ClickHouse.Native;
using Streaming.Contract.Identity;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.ClickHouse.Tables;

/// <summary>One row per effect of one stream: alerts, rewards ledger, care actions, changes. All four have the same columns.</summary>
/// <remarks>
/// Member and <c>sequence</c> identify a row. The effect id of the Kafka messages is left out, because it is an unkeyed hash that contains
/// the member id: whoever guesses a member could confirm the guess.
/// </remarks>
internal sealed class EffectTable(string name) : TableBuffer(name)
{
    private readonly HexColumn member = new("member", Pseudonyms.Length);
    private readonly NumberColumn<long> at = Columns.DateTime64("at");
    private readonly NumberColumn<ulong> sequence = Columns.UInt64("sequence");
    private readonly LowCardinalityColumn kind =
        new("kind"), stage = new("stage"), tier = new("tier"), rule = new("rule"), rules = new("rules");
    private readonly LowCardinalityColumn from = new("from"), to = new("to"), reason = new("reason");
    private readonly NumberColumn<byte> level = Columns.UInt8("level");
    private readonly NumberColumn<long> points = Columns.Int64("points"), value = Columns.Int64("value");
    private readonly TextColumn subject = new("subject"), cause = new("cause");
    private readonly NumbersByNameColumn why = new("why");
    private int bytes;

    public override int Rows => member.Rows;

    public override int Bytes => bytes;

    /// <summary>Reads one effect (after its stream byte), in the order the collector wrote it.</summary>
    public void Add(ref RowChunkReader row)
    {
        var start = row.Position;
        member.Add(row.Take(Pseudonyms.Length));
        at.Add(row.Signed());
        sequence.Add((ulong)row.Signed());
        kind.Add(((EffectKind)row.Byte()).Name());
        stage.Add(((Stage)row.Byte()).Name());
        tier.Add(((Tier)row.Byte()).Name());
        level.Add(row.Byte());
        points.Add(row.Signed());
        value.Add(row.Signed());
        rule.Add(row.Bytes());
        rules.Add(row.Bytes());
        from.Add(row.Bytes());
        to.Add(row.Bytes());
        reason.Add(row.Bytes());
        subject.Add(row.Bytes());
        cause.Add(row.Bytes());
        for (var left = row.Byte(); left > 0; left--) why.Entry(row.Bytes(), row.Double());
        why.EndRow();
        bytes += row.Position - start + 100;
    }

    public override FormedBlock? Form(in NativeBlock.Stamp stamp)
    {
        bytes = 0;
        return Form(stamp, [member, at, sequence, kind, stage, tier, level, points, value, rule, rules, from, to, reason, subject, cause,
            why]);
    }
}
