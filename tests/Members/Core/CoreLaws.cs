using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Orders;
using Streaming.Members.Rules;

namespace Streaming.Members.Tests;

/// <summary>What holds for every life, whatever the capabilities do with it.</summary>
public class CoreLaws
{
    [Fact]
    public void A_snapshot_read_and_written_again_has_the_same_bytes() => Prop.ForAll(Lives.Any, inputs =>
    {
        var life = Lived(inputs);
        var copy = new MemberTimeline(throughSnapshots: false);
        copy.Member.Read(life.Bytes());
        return copy.Bytes().AsSpan().SequenceEqual(life.Bytes()) && copy.Member.Facets == life.Member.Facets
            && copy.Member.Due == life.Member.Due;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Events_after_a_snapshot_give_the_same_bytes_and_effects_as_without_it() => Prop.ForAll(Lives.Any, inputs =>
    {
        var half = inputs.Length / 2;
        var whole = Lived(inputs);

        var first = Lived(inputs[..half]);
        var second = new MemberTimeline(throughSnapshots: false);
        second.Member.Read(first.Bytes());
        foreach (var input in inputs[half..]) input.Feed(second);

        return second.Bytes().AsSpan().SequenceEqual(whole.Bytes()) && first.Effects.Concat(second.Effects).SequenceEqual(whole.Effects);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_reused_member_object_keeps_no_former_state() =>
        Prop.ForAll(Lives.Any, Lives.Any, (before, inputs) =>
    {
        var used = Lived(before);
        used.Effects.Clear();
        used.Member.Reset("m-1"u8);
        foreach (var input in inputs) input.Feed(used);
        var fresh = Lived(inputs);

        var read = Lived(before);
        read.Member.Reset("m-1"u8);
        read.Member.Read(fresh.Bytes());
        return used.Bytes().AsSpan().SequenceEqual(fresh.Bytes()) && used.Effects.SequenceEqual(fresh.Effects) && read.Bytes().AsSpan()
            .SequenceEqual(fresh.Bytes());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sequence_numbers_have_no_gaps_and_ids_never_repeat() => Prop.ForAll(Lives.Any, inputs =>
    {
        var effects = Lived(Once(inputs)).Effects;
        return effects.Select(e => e.Sequence).SequenceEqual(Enumerable.Range(1, effects.Count).Select(i => (long)i))
            && effects.Select(e => e.Id).Distinct().Count() == effects.Count;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Effects_already_in_the_buffer_change_no_new_effect() => Prop.ForAll(Lives.Any, inputs =>
    {
        var apart = Lived(inputs);
        var together = new MemberTimeline(throughSnapshots: false);
        var buffer = new EffectBuffer();
        foreach (var input in inputs)
        {
            if (input.Wakes) MemberCore.Wake(together.Member, input.Now, input.Now, together.Rules, buffer);
            else MemberCore.Apply(together.Member, input.Event(together), input.Now, together.Rules, buffer);
        }

        var seen = new List<EffectCopy>();
        foreach (var effect in buffer.Items) seen.Add(EffectCopy.Of(effect));
        return seen.SequenceEqual(apart.Effects);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_event_sent_again_within_the_window_changes_no_byte_and_causes_nothing() => Prop.ForAll(Lives.Any, inputs =>
    {
        var life = new MemberTimeline(throughSnapshots: false);
        foreach (var input in inputs)
        {
            input.Feed(life);
            if (input.Wakes) continue;
            var (bytes, effects) = (life.Bytes(), life.Effects.Count);
            if (life.Apply(input.Event(life), input.Now + 1000).IsApplied()) return false;
            if (!bytes.AsSpan().SequenceEqual(life.Bytes()) || effects != life.Effects.Count) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_wake_before_the_due_time_changes_nothing_but_the_clock() => Prop.ForAll(Lives.Any, inputs =>
    {
        var life = Lived(inputs);
        if (life.Member.Due == Member.Never) return true;
        var (bytes, effects, clock) = (life.Bytes(), life.Effects.Count, life.Member.Now);
        life.Wakes(life.Member.Due - 1, clock + 1);
        var moved = life.Member.Now == clock + 1;
        life.Member.Now = clock;
        return moved && effects == life.Effects.Count && bytes.AsSpan().SequenceEqual(life.Bytes());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void After_a_wake_nothing_proven_is_due_and_a_second_wake_has_no_effect() => Prop.ForAll(Lives.Any, inputs =>
    {
        var life = Lived(inputs);
        var far = life.Member.Now + (400 * Time.Day);
        life.Wakes(far, far); // also when nothing is due: the first wake moves the clock
        for (var i = 0; life.Member.Due <= far && i < 100; i++) life.Wakes(far, far);
        var (bytes, effects) = (life.Bytes(), life.Effects.Count);
        life.Wakes(far, far);
        return life.Member.Due > far && effects == life.Effects.Count && bytes.AsSpan().SequenceEqual(life.Bytes());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_late_wake_has_the_same_effects_as_a_wake_in_time() => Prop.ForAll(Lives.Any, inputs =>
    {
        var late = Lived(inputs);
        var inTime = Lived(inputs);
        var until = late.Member.Now + (200 * Time.Day);
        late.Effects.Clear();
        inTime.Effects.Clear();
        late.Wakes(until, late.Member.Now);
        for (var i = 0; inTime.Member.Due <= until && i < 1000; i++) inTime.Wakes(inTime.Member.Due, inTime.Member.Now);
        return late.Effects.SequenceEqual(inTime.Effects) && late.Bytes().AsSpan().SequenceEqual(inTime.Bytes());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_clock_never_goes_back() => Prop.ForAll(Lives.Any, inputs =>
    {
        var life = new MemberTimeline(throughSnapshots: false);
        foreach (var input in inputs)
        {
            var before = life.Member.Now;
            (input with { Now = input.Now - (input.Id * Time.Day / 40) }).Feed(life);
            if (life.Member.Now < before) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_snapshot_that_ends_early_or_goes_on_is_refused() =>
        Prop.ForAll(Lives.Any, Gen.Choose(0, int.MaxValue).ToArbitrary(), (inputs, seed) =>
    {
        var bytes = Lived(inputs).Bytes();
        return !Reads(bytes.AsSpan(0, seed % bytes.Length)) && !Reads([.. bytes, 0]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_damaged_snapshot_is_read_or_refused_without_another_exception() =>
        Prop.ForAll(Lives.Any, Gen.Choose(0, int.MaxValue).ToArbitrary(), (inputs, seed) =>
    {
        var bytes = Lived(inputs).Bytes();
        bytes[seed % bytes.Length] ^= (byte)(1 + (seed % 255));
        Reads(bytes); // any exception but the one for damage fails the law
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Settling_under_the_same_rules_changes_only_the_clock_and_the_version()
    {
        Prop.ForAll(Lives.Any, inputs =>
        {
            var life = Lived(inputs);
            var rules = life.Rules.Named(7);
            var (before, score, told) = (life.Member.Facets, life.Member.Score.Total, life.Effects.Count);
            life.Settles(rules, life.Member.Now);
            return life.Member.RulesVersion == 7 && life.Effects.Count == told && life.Member.Facets == before
                && life.Member.Score.Total == score;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Once_warm_an_event_allocates_nothing()
    {
        var life = new MemberTimeline(throughSnapshots: false);
        var buffer = new EffectBuffer();
        var kinds = new[] { EventKind.View, EventKind.Message, EventKind.Paid, EventKind.Like, EventKind.Checkin, EventKind.Appreciated,
            EventKind.Review, EventKind.Refunded, EventKind.Complaint, EventKind.Resolved };
        var events = Enumerable.Range(0, 2000).Select(i => life.NewEvent(MemberTimeline.Day(i * 0.7), kinds[i % kinds.Length], e =>
        {
            e.Amount = 1_230_000;
            e.Currency = Text.From("CNY");
            e.Author = Text.From("m-2");
        })).ToArray();

        long allocated = 0;
        for (var i = 0; i < events.Length; i++)
        {
            if (i == 1000) allocated = GC.GetAllocatedBytesForCurrentThread();
            buffer.Clear();
            MemberCore.Wake(life.Member, events[i].At, events[i].At, life.Rules, buffer);
            MemberCore.Apply(life.Member, events[i], events[i].At, life.Rules, buffer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    [Fact]
    public void An_ordinary_member_takes_less_than_430_bytes()
    {
        var life = new MemberTimeline(throughSnapshots: false);
        life.At(0, EventKind.Joined);
        for (var i = 1; i <= 12; i++) life.At(i * 2.2, i % 4 == 0 ? EventKind.Message : EventKind.View);
        life.At(27, EventKind.Paid, e => (e.Amount, e.Currency, e.Order) = (990_000, Text.From("CNY"), Text.From("o-1")));
        Assert.InRange(life.Bytes().Length, 100, 430);
    }

    [Theory]
    [InlineData(1, 37)]
    [InlineData(10, 37 + (9 * 30))]
    [InlineData(OrdersState.MaxOrders, OrdersState.MaxOrders * 31)]
    public void Orders_that_were_paid_once_take_about_30_bytes_each(int orders, int atMost)
    {
        var life = new MemberTimeline(throughSnapshots: false);
        for (var i = 0; i < orders; i++) life.At(i / 3.0, EventKind.Paid, MemberTimeline.Of($"o-{i}", 99.9m, "CNY"));
        var with = life.Bytes().Length;
        life.Member.Orders.Clear();
        Assert.InRange(with - life.Bytes().Length, 20 * orders, atMost);
    }

    [Fact]
    public void The_rules_of_the_tests_are_valid() => Assert.Empty(new RuleSet().Validate());

    private static MemberTimeline Lived(IEnumerable<Input> inputs)
    {
        var life = new MemberTimeline(throughSnapshots: false);
        foreach (var input in inputs) input.Feed(life);
        return life;
    }

    // Each id once: beyond the duplicate window a repeated id is a new event by definition.
    private static IEnumerable<Input> Once(IEnumerable<Input> inputs) => inputs.Select((input, i) => input with { Id = i });

    private static bool Reads(ReadOnlySpan<byte> snapshot)
    {
        var member = new Member();
        member.Reset("m-1"u8);
        try
        {
            member.Read(snapshot);
            return true;
        }
        catch (Snapshots.SnapshotException)
        {
            return false;
        }
    }
}
