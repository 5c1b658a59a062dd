using System.Buffers.Binary;
using Streaming.ClickHouse.Native;
using Streaming.Contract.Identity;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.ClickHouse.Tables;

/// <summary>One row per member, the latest: ClickHouse keeps the one with the highest <c>updated</c>.</summary>
internal sealed class MembersTable() : TableBuffer("members_rows")
{
    private readonly Dictionary<UInt128, MemberRow> latest = [];
    private readonly HexColumn member = new("member", Pseudonyms.Length);
    private readonly NumberColumn<long> firstSeen = Columns.DateTime64("first_seen"), updated = Columns.DateTime64("updated");
    private readonly NumberColumn<ulong> events = Columns.UInt64("events");
    private readonly LowCardinalityColumn stage = new("stage"), tier = new("tier");
    private readonly NumberColumn<byte> level = Columns.UInt8("level");

    public override int Rows => latest.Count;

    public override int Bytes => latest.Count * 90;

    /// <summary>A row that replaces an earlier one of the same member.</summary>
    public void Add(UInt128 pseudonym, MemberRow row) => latest[pseudonym] = row;

    public override FormedBlock? Form(in NativeBlock.Stamp stamp)
    {
        Span<byte> pseudonym = stackalloc byte[Pseudonyms.Length];
        foreach (var (id, row) in latest)
        {
            BinaryPrimitives.WriteUInt128BigEndian(pseudonym, id);
            member.Add(pseudonym);
            firstSeen.Add(row.FirstSeen);
            updated.Add(row.Updated);
            events.Add((ulong)row.Events);
            stage.Add(((Stage)row.Stage).Name());
            tier.Add(((Tier)row.Tier).Name());
            level.Add(row.Level);
        }

        latest.Clear();
        return Form(stamp, [member, firstSeen, updated, events, stage, tier, level]);
    }
}
