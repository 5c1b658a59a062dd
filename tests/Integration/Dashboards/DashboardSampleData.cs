using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Engine.Turns;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Integration.Tests.Dashboards;

/// <summary>
/// Five weeks of a small community, through the core and the shard's own output: some come daily, some go quiet, some come back, some
/// complain. The same every time but for the moment it ends.
/// </summary>
internal sealed class DashboardSampleData(long now)
{
    private const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;
    private const int Members = 240;
    private readonly RuleSet rules = new RuleSet().Named(17);
    private readonly ShardResult result = new();
    private readonly EffectBuffer effects = new();
    private readonly MemberEvent e = new();
    private long ids;

    /// <summary>Events applied.</summary>
    public long Events { get; private set; }

    /// <summary>Everything that happened, as chunks for the block builder.</summary>
    public IEnumerable<byte[]> Chunks()
    {
        using var output = new ShardOutput(new RowCollector(new byte[32]), outside: false);
        output.RulesChanged(rules, now - (35 * Day));
        for (var i = 0; i < Members; i++) Live(output, i);
        Reject(output);
        output.Finish(result);
        yield return result.Rows.WrittenSpan.ToArray();
        for (var at = now - Hour; at <= now; at += 10_000) yield return Health(at);
    }

    private void Live(ShardOutput output, int number)
    {
        var member = new Member();
        member.Reset(System.Text.Encoding.UTF8.GetBytes($"member-{number}"));
        var gap = (1 + (number % 11)) * 7 * Hour;
        var at = now - (34 * Day) + (number * 20 * Minute);
        Join(output, member, at, number);
        for (var n = 0; at < now; n++)
        {
            // One in four falls silent after a while; one in eight comes back near the end.
            if (number % 4 == 1 && n == 12) at = number % 8 == 1 ? now - (50 * Minute) : now + Day;
            if (at >= now) break;
            Act(output, member, at, number, n);
            at += gap + (n * 13 % 50 * Minute);
        }

        // The last hour is lively, whatever time of day it is: some complain, and some of those are helped.
        if (number % 6 == 2) Say(output, member, EventKind.Complaint, now - (40 * Minute));
        if (number % 12 == 2) Say(output, member, EventKind.Resolved, now - (25 * Minute));
        for (var n = 0; number % 6 == 0 && n < 20; n++) Act(output, member, now - ((20 - n) * Minute), number, n);
        Look(output, member, now);
    }

    private void Say(ShardOutput output, Member member, EventKind kind, long at)
    {
        Begin(kind, at);
        e.Case = member.Id;
        Apply(output, member);
    }

    private void Join(ShardOutput output, Member member, long at, int number)
    {
        Begin(EventKind.Joined, at);
        e.Zone = Text.From("Asia/Shanghai");
        if (number % 5 == 0) e.Birthday = Text.From(DateTimeOffset.FromUnixTimeMilliseconds(now - (3 * Day)).ToString("1990-MM-dd", null));
        Apply(output, member);
        Begin(EventKind.Consent, at + 1);
        foreach (var channel in rules.Care.Channels) e.Consent.Add(new ChannelAnswer(Text.From(channel), number % 3 != 0));
        Apply(output, member);
    }

    private void Act(ShardOutput output, Member member, long at, int number, int n)
    {
        Begin(((number + n) % 9) switch
        {
            0 or 1 => EventKind.Paid,
            2 => EventKind.Checkin,
            3 => EventKind.Message,
            4 => EventKind.Review,
            5 => EventKind.Like,
            6 when n % 5 == 0 => number % 7 == 0 ? EventKind.Complaint : EventKind.Redeem,
            _ => EventKind.View,
        }, at);
        e.Target = Text.From($"item-{n % 30}");
        if (e.Kind == EventKind.Paid)
        {
            (e.Amount, e.Currency, e.Order) = ((50 + (number % 90)) * 10_000L, Text.From("CNY"), Text.From($"o-{ids}"));
        }

        if (e.Kind == EventKind.Redeem)
        {
            (e.Points, e.Request, e.Gift) = (n % 10 == 0 ? 100_000 : 20, Text.From($"r-{ids}"), Text.From("cup"));
        }
        if (e.Kind == EventKind.Review) (e.Rating, e.Body) = (4, Text.From("good"));
        Apply(output, member);
    }

    private void Begin(EventKind kind, long at)
    {
        e.Reset();
        (e.Kind, e.At, e.Id) = (kind, at, Text.From($"e-{ids++}"));
    }

    private void Apply(ShardOutput output, Member member)
    {
        Look(output, member, e.At);
        e.Member = member.Id;
        effects.Clear();
        var (before, lastActive) = (member.Facets, member.LastActive);
        if (!MemberCore.Apply(member, e, e.At, rules, effects).IsApplied()) output.Duplicate(e);
        else output.Applied(result, member, e, before, lastActive, effects, rules);
        Events++;
    }

    private void Look(ShardOutput output, Member member, long at)
    {
        if (member.Due > at) return;
        effects.Clear();
        var before = member.Facets;
        MemberCore.Wake(member, at, at, rules, effects);
        output.Woken(result, member, before, effects, rules);
    }

    private void Reject(ShardOutput output)
    {
        for (var i = 1; i <= 30; i++)
        {
            output.Skipped([(Topic.Clicks, "unknown-kind", now - (i * Minute)), (Topic.Purchases, "bad-amount", now - (i * 2 * Minute)),
                (Topic.Chats, "duplicate", now - (i * Minute))]);
        }
    }

    private static byte[] Health(long at)
    {
        var wave = at / 10_000 % 30;
        return HealthRows.Chunk(at,
        [
            new(HealthMetric.Rate, "clicks", 900 + wave), new(HealthMetric.Rate, "purchases", 50 + wave),
            new(HealthMetric.Rate, "chats", 200 + wave),
            new(HealthMetric.Rate, "members", 3), new(HealthMetric.Lag, "", 40 * wave),
            new(HealthMetric.Latency, "0.5", 0.004), new(HealthMetric.Latency, "0.9", 0.011),
            new(HealthMetric.Latency, "0.99", 0.020 + (wave / 1000.0)),
            new(HealthMetric.Rejects, "unknown-kind", 0.1), new(HealthMetric.CommitAge, "", 0.01),
            new(HealthMetric.Outbox, "kafka", wave), new(HealthMetric.Outbox, "clickhouse", 2),
            new(HealthMetric.OutboxAge, "kafka", 0.2), new(HealthMetric.OutboxAge, "clickhouse", 1.1), new(HealthMetric.Landing, "", 1.2),
            new(HealthMetric.ShardRate, "0", 600), new(HealthMetric.ShardRate, "1", 580),
        ]);
    }
}
