using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.Pipeline.Tests.ClickHouse;

public class BlockBuilderLaws
{
    private static readonly (string Table, string Sum, string[] By)[] Summed =
    [
        ("activity_rows", "events", ["minute", "topic", "kind", "stage", "tier", "currency"]),
        ("activity_rows", "amount", ["minute", "topic", "kind", "stage", "tier", "currency"]),
        ("points_rows", "entries", ["minute", "kind", "rule", "stage", "tier"]),
        ("points_rows", "points", ["minute", "kind", "rule", "stage", "tier"]),
        ("transitions_rows", "members", ["minute", "from_stage", "to_stage"]),
        ("population_rows", "members", ["gauge", "bucket", "name"]),
        ("population_changes_rows", "members", ["minute", "gauge", "bucket", "name"]),
        ("rejects_rows", "records", ["minute", "topic", "reason"]),
        ("retention_rows", "members", ["period", "cohort", "start"]),
    ];

    [Fact]
    public void Block_sums_do_not_depend_on_batching() =>
        Prop.ForAll(Rows.Reports, ArbMap.Default.ArbFor<uint>(), (reports, cuts) =>
    {
        var whole = Rows.Blocks(Rows.Chunks(reports, _ => false), _ => false);
        var split = Rows.Blocks(Rows.Chunks(reports, i => (cuts >> (i % 32) & 1) == 1), i => (cuts >> (i * 7 % 32) & 1) == 1);
        return Summed.All(s => Rows.Sums(whole, s.Table, s.Sum, s.By).SequenceEqual(Rows.Sums(split, s.Table, s.Sum, s.By)))
            && whole.Where(b => b.Table == "rewards_rows").Sum(b => b.Rows) == split.Where(b => b.Table == "rewards_rows").Sum(b => b.Rows);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Block_sums_of_events_money_and_rejects_equal_a_plain_count() => Prop.ForAll(Rows.Reports, reports =>
    {
        SortedDictionary<string, Int128> events =
            new(StringComparer.Ordinal), money = new(StringComparer.Ordinal), rejects = new(StringComparer.Ordinal);
        foreach (var r in reports)
        {
            var minute = r.At / 60_000 * 60;
            if (r.What == 0)
            {
                Rows.Count(events, $"{minute}|{r.Kind.Name()}|{r.Currency}", 1);
                Rows.Count(money, $"{minute}|{r.Kind.Name()}|{r.Currency}", r.Amount);
            }
            else if (r.What is 2 or 3)
            {
                Rows.Count(rejects, $"{minute}|{r.Kind.Topic().ToString().ToLowerInvariant()}|{(r.What == 2 ? "not-json" : "duplicate")}",
                    1);
            }
        }

        var blocks = Rows.Blocks(Rows.Chunks(reports, i => i % 3 == 0), i => i % 2 == 0);
        return events.SequenceEqual(Rows.Sums(blocks, "activity_rows", "events", "minute", "kind", "currency"))
            && money.SequenceEqual(Rows.Sums(blocks, "activity_rows", "amount", "minute", "kind", "currency"))
            && rejects.SequenceEqual(Rows.Sums(blocks, "rejects_rows", "records", "minute", "topic", "reason"));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Members_followed_from_state_to_state_are_counted_where_they_are_now() => Prop.ForAll(Rows.Reports, reports =>
    {
        var now = new Streaming.Members.MemberFacets[6];
        for (var i = 0; i < reports.Length; i++)
        {
            var r = reports[i];
            var next = r.After.Stage == 0 ? r.After with { Stage = 1 } : r.After; // a member once counted has a stage
            reports[i] = r with { What = 1, Before = now[r.Member], After = next };
            now[r.Member] = next;
        }

        var expected = new SortedDictionary<string, Int128>(StringComparer.Ordinal);
        foreach (var m in now.Where(m => m.Stage != 0))
        {
            Rows.Count(expected, $"stage|{m.Stage}", 1);
            Rows.Count(expected, $"tier|{m.Tier}", 1);
            Rows.Count(expected, $"level|{m.Level}", 1);
            if (m.ScoreBin != int.MinValue) Rows.Count(expected, $"score|{m.ScoreBin}", 1);
            Rows.Count(expected, $"alert_day|{m.AlertDay}", 1);
        }

        var blocks = Rows.Blocks(Rows.Chunks(reports, i => i % 4 == 0), i => i % 3 == 0);
        return expected.SequenceEqual(Rows.Sums(blocks, "population_rows", "members", "gauge", "bucket"))
            && expected.SequenceEqual(Rows.Sums(blocks, "population_changes_rows", "members", "gauge", "bucket"));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_block_has_each_key_once() => Prop.ForAll(Rows.Reports, reports =>
    {
        var keys = Summed.Select(s => (s.Table, s.By)).Append(("members_rows", ["member"])).DistinctBy(k => k.Item1);
        var blocks = Rows.Blocks(Rows.Chunks(reports, _ => true), i => i % 3 == 0);
        foreach (var (table, by) in keys)
        {
            Assert.All(blocks.Where(b => b.Table == table).Select(b => new BlockReader(b)), block =>
                Assert.Distinct(Enumerable.Range(0, block.Rows).Select(i => string.Join('|', by.Select(c => block.Columns[c][i])))));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Blocks_of_a_table_are_numbered_without_gaps_and_every_row_carries_the_number() => Prop.ForAll(Rows.Reports, reports =>
    {
        foreach (var blocks in Rows.Blocks(Rows.Chunks(reports, _ => true), i => i % 2 == 0).GroupBy(b => b.Table))
        {
            var number = 0L;
            foreach (var block in blocks)
            {
                var read = new BlockReader(block);
                Assert.Equal(++number, block.Number);
                Assert.Equal(block.Rows, read.Rows);
                Assert.True(block.Rows > 0);
                Assert.All(read.All<ulong>("seq"), seq => Assert.Equal((ulong)number, seq));
                Assert.All(read.All<ulong>("generation"), g => Assert.Equal(Rows.Writer.Generation, g));
                Assert.All(read.All<string>("writer"), w => Assert.Equal(Rows.Writer.Writer, w));
                Assert.Single(read.All<long>("inserted").Distinct());
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_chunks_give_the_same_bytes() => Prop.ForAll(Rows.Reports, reports =>
    {
        var once = Rows.Blocks(Rows.Chunks(reports, i => i % 3 == 0), i => i % 2 == 0);
        var again = Rows.Blocks(Rows.Chunks(reports, i => i % 3 == 0), i => i % 2 == 0);
        return once.Count == again.Count && once.Zip(again).All(p => p.First.Table == p.Second.Table && p.First.Bytes.AsSpan()
            .SequenceEqual(p.Second.Bytes));
    }).QuickCheckThrowOnFailure();
}
