using System.Buffers;
using System.Text;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;
using Streaming.Members;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;

namespace Streaming.TestKit.Sinks;

/// <summary>Commits with rows for every table, whose totals are known beforehand.</summary>
public static class SampleRows
{
    /// <summary>2026-01-05 (a Monday) 00:00 UTC.</summary>
    public const long Start = 1_767_571_200_000;

    /// <summary>When the blocks are said to have been formed: recent, since tables expire by it.</summary>
    public static readonly long Now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Events in each commit, half of them purchases.</summary>
    public const int EventsPerCommit = 20;

    /// <summary>Ten-thousandths per event.</summary>
    public const long Amount = 123_456;

    private static readonly byte[] Key = Encoding.ASCII.GetBytes("a key for tests, 32 bytes long!!");

    /// <summary>Forms the rows of so many commits, blocks after every commit.</summary>
    public static List<FormedBlock> Blocks(WriterIdentity writer, int commits, long insertedAt)
    {
        var former = new BlockBuilder(writer, new BlockSettings(), new Dictionary<string, long>());
        var blocks = new List<FormedBlock>();
        for (var commit = 1; commit <= commits; commit++)
        {
            former.Add(Chunk(commit), commit);
            former.Add(HealthRows.Chunk(insertedAt, [new HealthRow(HealthMetric.Lag, "clicks/0", commit)]), commit);
            blocks.AddRange(former.Form(insertedAt + commit));
        }

        return blocks;
    }

    /// <summary>One block of activity with so many rows: one event in each minute.</summary>
    public static FormedBlock LargeBlock(WriterIdentity writer, int rows)
    {
        var collector = new RowCollector(Key);
        var member = new Member();
        for (var i = 0; i < rows; i++) collector.Applied(member, EventKind.View, Start + (i * 60_000L), 0, default);
        var to = new ArrayBufferWriter<byte>();
        collector.WriteTo(to);
        var former = new BlockBuilder(writer, new BlockSettings(), new Dictionary<string, long>());
        former.Add(to.WrittenSpan, 1);
        return former.Form(Now).Single();
    }

    /// <summary>Random changes of stage (fixed seed): members join, change stage and leave, a commit per minute, several to a
    /// block.</summary>
    /// <returns>The blocks, and how many members were in each stage at the end of each minute.</returns>
    public static (List<FormedBlock> Blocks, List<SortedDictionary<string, int>> Stages) Moves(WriterIdentity writer, int minutes,
        int members)
    {
        var draw = new Random(17);
        var now = new MemberFacets[members];
        var former = new BlockBuilder(writer, new BlockSettings(), new Dictionary<string, long>());
        var collector = new RowCollector(Key);
        var to = new ArrayBufferWriter<byte>();
        List<FormedBlock> blocks = [];
        List<SortedDictionary<string, int>> stages = [];
        for (var minute = 0; minute < minutes; minute++)
        {
            for (var move = draw.Next(6); move > 0; move--)
            {
                var who = draw.Next(members);
                var next = new MemberFacets((byte)draw.Next(9), 1, 1, int.MinValue, MemberFacets.NoAlert);
                collector.Moved(now[who], next, Start + (minute * 60_000L));
                now[who] = next;
            }

            collector.WriteTo(to);
            former.Add(to.WrittenSpan, minute + 1);
            collector.Clear();
            to.ResetWrittenCount();
            if (draw.Next(3) == 0 || minute == minutes - 1) blocks.AddRange(former.Form(Now + minute));
            stages.Add(new SortedDictionary<string, int>(now.Where(m => m.Stage != 0).CountBy(m => ((Stage)m.Stage).Name()).ToDictionary(),
                StringComparer.Ordinal));
        }

        return (blocks, stages);
    }

    private static byte[] Chunk(int commit)
    {
        var rows = new RowCollector(Key);
        var effects = new EffectBuffer();
        var rules = new RuleSet();
        var member = new Member();
        for (var i = 0; i < EventsPerCommit; i++)
        {
            var at = Start + (commit * 61_000L) + i;
            member.Reset(Encoding.UTF8.GetBytes($"m-{commit}-{i % 4}"));
            member.FirstSeen = member.Now = at;
            member.Events = 1;
            rows.Applied(member, i % 2 == 0 ? EventKind.Paid : EventKind.View, at, i % 2 == 0 ? Amount : 0, i % 2 == 0 ? Text.From("EUR")
                : default);
            if (i >= 4) continue;
            rows.Seen(member);
            rows.Active(at, 0, at);
            rows.Moved(default, new MemberFacets(1, 0, 0, int.MinValue, -1), at);
            rows.Moved(new MemberFacets(1, 0, 0, int.MinValue, -1), new MemberFacets(2, 1, 0, 40, 20_500), at);
            effects.Clear();
            effects.Add(member, EffectKind.PointsEarned, "purchase-points", Text.From($"e-{commit}-{i}"), at).Points = 10;
            effects.Add(member, EffectKind.AlertRaised, "churn", Text.From("silence/é\t\\"), at).Because("p", 0.25);
            effects.Add(member, EffectKind.CareAction, "first-purchase", Text.From($"e-{commit}-{i}"), at).To = "thanks";
            effects.Add(member, EffectKind.StageChanged, "lifecycle", Text.From($"e-{commit}-{i}"), at).To = "interest";
            foreach (ref readonly var effect in effects.Items) rows.Effect(member, effect, rules);
        }

        rows.Rejected(Topic.Clicks, "not-json", Start);
        rows.Duplicate(Topic.Purchases, Start);
        rows.RulesInForce(rules.Version, 7 * 86_400_000L, Start);
        var to = new ArrayBufferWriter<byte>();
        rows.WriteTo(to);
        return to.WrittenSpan.ToArray();
    }
}
