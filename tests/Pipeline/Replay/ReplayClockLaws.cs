using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Engine.Turns;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Snapshots;
using Streaming.Pipeline.Tests.ClickHouse;
using Streaming.Pipeline.Tests.Engine;
using Streaming.Replay.Feeding;

namespace Streaming.Pipeline.Tests.Replay;

/// <summary>The replayed state and effects of a member depend on its own rows only.</summary>
public class ReplayClockLaws
{
    private const long Start = 1_767_225_600_000; // 2026-01-01
    private const long Hour = 3_600_000;
    private static readonly EventKind[] Kinds = [EventKind.View, EventKind.Paid, EventKind.Checkin, EventKind.Complaint, EventKind.Updated,
        EventKind.Attend, EventKind.Refunded];

    [Fact]
    public void Rows_of_one_member_alone_and_among_others_give_the_same_member_and_effects() =>
        Prop.ForAll(Files, Gen.Choose(0, 48).ToArbitrary(), (rows, disorder) =>
    {
        var end = rows.Max(r => r.At);
        var among = Replay(rows, disorder * Hour, end);
        foreach (var member in rows.Select(r => r.Member).Distinct())
        {
            var alone = Replay([.. rows.Where(r => r.Member == member)], disorder * Hour, end);
            if (!alone[member].State.AsSpan().SequenceEqual(among[member].State)
                || !alone[member].Messages.SequenceEqual(among[member].Messages))
                return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Proof_stays_behind_the_clock_by_the_disorder_of_the_file() =>
        Prop.ForAll(Files, Gen.Choose(0, 48).ToArbitrary(), (rows, disorder) =>
    {
        var clock = new ReplayClock(disorder * Hour, 0);
        foreach (var row in rows)
        {
            clock.Passes(row.At);
            if (clock.Proven > row.At - (disorder * Hour) || clock.Proven % 60_000 != 0) return false;
        }

        return clock.Now == rows[^1].At;
    }).QuickCheckThrowOnFailure();

    // Rows in time order, with short and long gaps between them.
    private static readonly Arbitrary<(int Member, EventKind Kind, long At)[]> Files = (
        from member in Gen.Choose(0, 4)
        from kind in Gen.Elements(Kinds)
        from gap in Gen.Frequency((5, Gen.Choose(0, 90_000)), (3, Gen.Choose(0, 12 * 3_600_000)), (1, Gen.Choose(1, 23 * 24 * 3_600_000)))
        select (member, kind, gap: (long)gap)).NonEmptyListOf().Select(steps =>
        {
            var now = Start;
            return steps.Select(s => (s.member, s.kind, now += s.gap)).ToArray();
        }).ToArbitrary();

    private static Dictionary<int, (byte[] State, List<string> Messages)> Replay((int Member, EventKind Kind, long At)[] rows,
        long disorder, long end)
    {
        using var output = new ShardOutput(new RowCollector(Rows.Key), outside: true);
        var applier = new MemberApplier(_ => Rows.Rules, output);
        var clock = new ReplayClock(disorder, 0);
        var members = new SortedDictionary<int, (Member Member, ApplyResult Result)>();
        foreach (var (who, kind, at) in rows)
        {
            if (clock.Passes(at)) WakeAll(clock.Proven);
            if (!members.TryGetValue(who, out var one))
            {
                members[who] = one = (new Member(), new ApplyResult());
                one.Member.Reset(System.Text.Encoding.UTF8.GetBytes($"m-{who}"));
            }

            applier.ApplyEvent(one.Member, kind, at, Segment.OwnTime, one.Result, e =>
            {
                e.Id = Text.From($"{one.Member.Events}");
                (e.Amount, e.Currency, e.Order) = (kind.Topic() == Topic.Purchases ? 50_000 : 0, Text.From("EUR"),
                    Text.From($"o-{one.Member.Events}"));
                if (kind == EventKind.Updated)
                    (e.Zone, e.Birthday) = (Text.From(who % 2 == 0 ? "Asia/Shanghai" : "Europe/Berlin"), Text.From("--03-01"));
            });
        }

        WakeAll(end);
        return members.ToDictionary(m => m.Key, m =>
        {
            var writer = new SnapshotWriter();
            m.Value.Member.Write(writer);
            return (writer.Written.ToArray(), new List<string> { Convert.ToHexString(m.Value.Result.Messages.WrittenSpan) });
        });

        void WakeAll(long proven)
        {
            foreach (var (member, part) in members.Values)
            {
                while (member.Due <= proven) applier.Wake(member, proven, Segment.OwnTime, Rows.Rules, part);
            }
        }
    }
}
