using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Native;
using Streaming.ClickHouse.Sending;
using Streaming.Contract.Identity;
using Streaming.Engine.Rows;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;

namespace Streaming.Pipeline.Tests.ClickHouse;

public class BlockBuilderTests
{
    private static readonly Dictionary<string, long> None = [];

    [Fact]
    public void Blocks_are_due_when_the_first_row_is_old_enough()
    {
        var former = new BlockBuilder(Rows.Writer, new BlockSettings { MaxAge = TimeSpan.FromSeconds(1) }, None);
        Assert.False(former.Due(0));
        former.Add(OneEvent(), 1);
        Assert.False(former.Due(5_000));
        Assert.False(former.Due(5_999));
        Assert.True(former.Due(6_000));
        Assert.Single(former.Form(6_000));
        Assert.False(former.Due(60_000));
    }

    [Fact]
    public void Blocks_are_due_at_once_when_a_table_is_full()
    {
        var former = new BlockBuilder(Rows.Writer, new BlockSettings { MaxRows = 100 }, None);
        var rows = new RowCollector(Rows.Key);
        for (var i = 0; i < 100; i++) rows.Applied(Rows.Member("m"), EventKind.View, i * 60_000, 0, default);
        former.Add(Rows.Chunk(rows), 1);
        Assert.Equal(100, former.Pending.Rows);
        Assert.True(former.Due(0));
    }

    [Fact]
    public void Numbers_go_on_after_a_restart()
    {
        var former = new BlockBuilder(Rows.Writer, new BlockSettings(), new Dictionary<string, long> { ["activity_rows"] = 41 },
            formedUpTo: 8);
        Assert.Equal(8, former.FormedUpTo);
        former.Add(OneEvent(), 9);
        Assert.Equal(8, former.FormedUpTo);
        Assert.Equal(42, Assert.Single(former.Form(0)).Number);
        Assert.Equal(9, former.FormedUpTo);
    }

    [Fact]
    public void A_commit_without_rows_counts_as_formed()
    {
        var former = new BlockBuilder(Rows.Writer, new BlockSettings(), None);
        former.Add([], 3);
        Assert.Empty(former.Form(0));
        Assert.Equal(3, former.FormedUpTo);
    }

    [Fact]
    public void Population_changes_that_cancel_out_leave_no_population_row()
    {
        var rows = new RowCollector(Rows.Key);
        MemberFacets nobody = default, here = new(1, 0, 0, int.MinValue, -1);
        rows.Moved(nobody, here, 0);
        rows.Moved(here, nobody, 0);
        var blocks = Rows.Blocks([Rows.Chunk(rows)], _ => false);
        Assert.Equal(["transitions_rows"], blocks.Select(b => b.Table));
    }

    [Fact]
    public void An_effect_row_has_all_fields_of_the_effect()
    {
        var member = Rows.Member("m-1");
        var effects = new EffectBuffer();
        ref var effect = ref effects.Add(member, EffectKind.AlertRaised, "churn", Text.From("silence/e-17"), 1_700_000_000_123);
        effect.Reason = "silence";
        effect.Subject = Text.From("mail");
        effect.Because("p", 0.25);
        effect.Because("x", 4);
        var rows = new RowCollector(Rows.Key);
        rows.Effect(member, effects.Items[0], Rows.Rules);

        var block = Assert.Single(Rows.Blocks([Rows.Chunk(rows)], _ => false));
        Assert.Equal("alerts_rows", block.Table);
        var read = new BlockReader(block);
        Assert.Equal(new Pseudonyms(Rows.Key).Hex(member.Id), read.Columns["member"][0]);
        Assert.Equal(1_700_000_000_123L, read.Columns["at"][0]);
        Assert.Equal(1ul, read.Columns["sequence"][0]);
        Assert.Equal("alert-raised", read.Columns["kind"][0]);
        Assert.Equal("churn", read.Columns["rule"][0]);
        Assert.Equal("silence", read.Columns["reason"][0]);
        Assert.Equal("mail", read.Columns["subject"][0]);
        Assert.Equal("silence/e-17", read.Columns["cause"][0]);
        Assert.Equal(new Dictionary<string, double> { ["p"] = 0.25, ["x"] = 4 }, read.Columns["why"][0]);
    }

    [Fact]
    public void A_signal_leaves_no_row()
    {
        var member = Rows.Member("m-1");
        var effects = new EffectBuffer();
        effects.Add(member, EffectKind.Tell, "likes", Text.From("e-1"), 0);
        var rows = new RowCollector(Rows.Key);
        rows.Effect(member, effects.Items[0], Rows.Rules);
        Assert.Equal(0, rows.Count);
        Assert.Empty(Rows.Chunk(rows));
    }

    [Fact]
    public void The_later_member_row_replaces_the_earlier_one()
    {
        var rows = new RowCollector(Rows.Key);
        var member = Rows.Member("m-1");
        rows.Seen(member);
        member.Events = 9;
        rows.Seen(member);
        Assert.Equal([9ul], new BlockReader(Assert.Single(Rows.Blocks([Rows.Chunk(rows)], _ => false))).All<ulong>("events"));
    }

    [Fact]
    public void Each_day_week_and_month_counts_a_member_once()
    {
        var rows = new RowCollector(Rows.Key);
        long monday = At("2026-03-30T10:00:00Z"), later = At("2026-03-30T23:59:00Z"), tuesday =
            At("2026-03-31T00:01:00Z"), april = At("2026-04-01T08:00:00Z"), late = At("2026-03-29T08:00:00Z");
        rows.Active(monday, 0, monday);
        rows.Active(monday, monday, later);
        rows.Active(monday, later, tuesday);
        rows.Active(monday, tuesday, april);
        rows.Active(monday, april, late);
        var sums = Rows.Sums(Rows.Blocks([Rows.Chunk(rows)], _ => false), "retention_rows", "members", "period", "start");
        var day = (int)(monday / 86_400_000);
        Assert.Equal(
            new SortedDictionary<string, Int128>(StringComparer.Ordinal)
            {
                [$"day|{day}"] = 1, [$"day|{day + 1}"] =
                1, [$"day|{day + 2}"] = 1, [$"week|{day}"] = 1, [$"month|{day - 29}"] = 1, [$"month|{day + 2}"] = 1,
            },
            sums);
    }

    [Fact]
    public void A_block_can_be_given_another_number_and_knows_when_it_was_formed()
    {
        var former = new BlockBuilder(Rows.Writer, new BlockSettings(), None);
        former.Add(OneEvent(), 1);
        var block = former.Form(1_234)[0];
        var bytes = block.Bytes.ToArray();
        Assert.Equal(1, NativeBlock.Renumber(bytes, 3));
        Assert.Equal(1_234, NativeBlock.FormedAt(bytes));
        var read = new BlockReader(block with { Bytes = bytes });
        Assert.Equal([3ul], read.All<ulong>("seq"));
        Assert.Equal(new BlockReader(block).Columns["events"], read.Columns["events"]);
    }

    [Fact]
    public void A_damaged_chunk_gives_a_clear_error()
    {
        var chunk = OneEvent();
        var former = new BlockBuilder(Rows.Writer, new BlockSettings(), None);
        Assert.Contains("ends early", Assert.Throws<InvalidDataException>(() => former.Add(chunk.AsSpan(0, chunk.Length - 1), 1)).Message,
            StringComparison.Ordinal);
        chunk[0] = 99;
        Assert.Contains("format 99", Assert.Throws<InvalidDataException>(() => former.Add(chunk, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counting_an_event_allocates_nothing_once_warm()
    {
        var rows = new RowCollector(Rows.Key);
        var member = Rows.Member("m-1");
        var currency = Text.From("EUR");
        Run();
        rows.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            for (var i = 0; i < 1_000; i++) rows.Applied(member, EventKind.Paid, i * 10_000, 12_300, currency);
        }
    }

    [Fact]
    public void All_wrong_settings_are_named_at_once()
    {
        var errors = new List<string>();
        new BlockSettings { MaxAge = TimeSpan.FromMilliseconds(1), MaxRows = 1, MaxBytes = 1 }.Validate("former", errors);
        new SenderSettings { FirstDelay = TimeSpan.Zero, LongestDelay = TimeSpan.Zero, ParkAfter = 0 }.Validate("sender", errors);
        new ClickHouseSettings { Url = "ftp://x", Database = "a-b", Password = "secret", Timeout = TimeSpan.FromMilliseconds(1) }
            .Validate("clickhouse", errors);
        Assert.Equal(10, errors.Count);
        Assert.DoesNotContain(errors, e => e.Contains("secret", StringComparison.Ordinal));
        errors.Clear();
        new BlockSettings().Validate("former", errors);
        new SenderSettings().Validate("sender", errors);
        new ClickHouseSettings().Validate("clickhouse", errors);
        Assert.Empty(errors);
    }

    private static long At(string time) =>
        DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static byte[] OneEvent()
    {
        var rows = new RowCollector(Rows.Key);
        rows.Applied(Rows.Member("m"), EventKind.View, 60_000, 0, default);
        return Rows.Chunk(rows);
    }
}
