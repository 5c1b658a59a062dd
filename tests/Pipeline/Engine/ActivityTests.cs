using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Engine.Turns;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Pipeline.Tests.ClickHouse;

namespace Streaming.Pipeline.Tests.Engine;

public class ActivityTests
{
    private const long Day = 86_400_000;
    private const long Monday = 20_542 * Day; // 2026-03-30

    [Fact]
    public void The_cohort_is_the_day_of_a_members_first_own_event()
    {
        var rows = new RowCollector(Rows.Key);
        using var output = new ShardOutput(rows, outside: false);
        var applier = new MemberApplier(_ => Rows.Rules, output);
        var member = new Member();
        member.Reset("m-1"u8);
        foreach (var (kind, at) in new[] { (EventKind.Updated, Monday), (EventKind.View, Monday + (40 * Day)) })
        {
            applier.ApplyEvent(member, kind, at, at, new ApplyResult());
        }

        var sums = Rows.Sums(Rows.Blocks([Rows.Chunk(rows)], _ => false), "retention_rows", "members", "period", "start", "cohort");
        var first = (int)(Monday / Day) + 40;
        Assert.Equal(1, sums[$"day|{first}|{first}"]);
        Assert.Equal(3, sums.Count);
    }

    [Fact]
    public void Only_own_events_make_a_member_active()
    {
        var rows = new RowCollector(Rows.Key);
        using var output = new ShardOutput(rows, outside: false);
        var applier = new MemberApplier(_ => Rows.Rules, output);
        var result = new ApplyResult();
        var member = new Member();
        member.Reset("m-1"u8);
        Happens(EventKind.Appreciated, Monday);
        Happens(EventKind.Appreciated, Monday + 1);
        Happens(EventKind.View, Monday + 2);
        Happens(EventKind.Appreciated, Monday + Day);
        Happens(EventKind.Appreciated, Monday + Day + 1);
        Happens(EventKind.View, Monday + (2 * Day));
        foreach (var fact in new[] { EventKind.Updated, EventKind.Consent, EventKind.Reach, EventKind.Refunded, EventKind.Resolved,
            EventKind.Outcome, EventKind.Adjust })
            Happens(fact, Monday + (9 * Day) + (int)fact);

        var sums = Rows.Sums(Rows.Blocks([Rows.Chunk(rows)], _ => false), "retention_rows", "members", "period", "start", "cohort");
        var day = (int)(Monday / Day);
        Assert.Equal(
            new SortedDictionary<string, Int128>(StringComparer.Ordinal)
            {
                [$"day|{day}|{day}"] =
                1, [$"day|{day + 2}|{day}"] = 1, [$"week|{day}|{day}"] = 1, [$"month|{day - 29}|{day}"] = 1, [$"month|{day + 2}|{day}"] = 1,
            },
            sums);

        void Happens(EventKind kind, long at) =>
            Assert.Equal(TurnEnd.Changed, applier.ApplyEvent(member, kind, at, at, result, e => e.Points = 1));
    }
}
