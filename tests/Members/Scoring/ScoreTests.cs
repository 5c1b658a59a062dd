using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Arithmetic;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Members.Scoring;

namespace Streaming.Members.Tests;

public class ScoreTests
{
    [Fact]
    public void A_weight_halves_every_half_life()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid);
        Assert.Equal(20, Score.At(life.Member.Score, life.Rules.Score, MemberTimeline.Day(0)));
        Assert.Equal(10, Score.At(life.Member.Score, life.Rules.Score, MemberTimeline.Day(14)));
        Assert.Equal(5, Score.At(life.Member.Score, life.Rules.Score, MemberTimeline.Day(28)));
    }

    [Fact]
    public void The_score_is_the_sum_of_all_decayed_weights() => Prop.ForAll(Events, events =>
    {
        var life = Lived(events);
        var at = MemberTimeline.Day(100);
        var expected = events.Sum(e => life.Rules.Score.Weights.GetValueOrDefault(e.Kind) * Math.Pow(2, (e.At - at) / (14.0 * Time.Day)));
        return Near(expected, Score.At(life.Member.Score, life.Rules.Score, at));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_events_does_not_matter_to_1e_9() =>
        Prop.ForAll(Events, Gen.Choose(0, int.MaxValue).ToArbitrary(), (events, seed) =>
    {
        var at = MemberTimeline.Day(100);
        var inOrder = Lived([.. events.OrderBy(e => e.At)]);
        var shuffled = Lived([.. events.OrderBy(e => StableHash.Of(BitConverter.GetBytes(e.At), (ulong)seed))]);
        return Near(Score.At(inOrder.Member.Score, inOrder.Rules.Score, at), Score.At(shuffled.Member.Score, shuffled.Rules.Score, at))
            && Enum.GetValues<Topic>().All(t => Near(Score.At(inOrder.Member.Score, inOrder.Rules.Score, at, t),
                Score.At(shuffled.Member.Score, shuffled.Rules.Score, at, t)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Signals_of_others_count_as_influence_and_not_as_score()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Appreciated);
        Assert.Equal(0, life.Member.Score.Total);
        Assert.Equal(1, life.Member.Score[Topic.Signals]);
    }

    [Fact]
    public void The_bin_does_not_move_as_time_passes_and_goes_up_four_per_doubling()
    {
        // The same score half a half-life later stands two bins higher: bins age at the rate the scores do.
        var now = new MemberTimeline();
        now.At(0, EventKind.Paid);
        var later = new MemberTimeline();
        later.At(7, EventKind.Paid);
        Assert.Equal(now.Member.Score.Bin + 2, later.Member.Score.Bin);
        var twice = new MemberTimeline();
        twice.At(0, EventKind.Paid);
        twice.At(0, EventKind.Paid);
        Assert.Equal(now.Member.Score.Bin + Score.BinsPerOctave, twice.Member.Score.Bin);
    }

    [Fact]
    public void The_bin_is_the_one_that_the_exact_logarithm_gives() => Prop.ForAll(Lives.Any, inputs =>
    {
        var life = new MemberTimeline(throughSnapshots: false);
        foreach (var input in inputs)
        {
            input.Feed(life);
            var score = life.Member.Score;
            var exact = Score.BinsPerOctave * (Numerics.Log2(score.Total) + (score.At / (life.Rules.Score.HalfLifeDays * Time.Day)));
            if (score.Bin != (score.Total > 0 ? (int)Math.Floor(exact) : int.MinValue)) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_kind_without_a_weight_leaves_the_score_alone()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        var at = life.Member.Score.At;
        life.At(5, EventKind.Updated);
        Assert.Equal(at, life.Member.Score.At);
        Assert.Equal(1, life.Member.Score.Total);
    }

    [Fact]
    public void A_changed_half_life_decays_by_the_old_one_until_the_change_and_by_the_new_one_after()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid);
        var faster = new RuleSet { Score = new ScoreRules { HalfLifeDays = 7 } };
        life.Settles(faster, MemberTimeline.Day(14));
        Assert.Equal(10, Score.At(life.Member.Score, faster.Score, MemberTimeline.Day(14)), 1e-9);
        Assert.Equal(5, Score.At(life.Member.Score, faster.Score, MemberTimeline.Day(21)), 1e-9);
    }

    [Fact]
    public void Wrong_settings_are_all_named()
    {
        var rules = new RuleSet { Score =
            new ScoreRules { HalfLifeDays = 0, Weights = new Dictionary<EventKind, double> { [EventKind.View] = -1 } } };
        Assert.Collection(rules.Validate(), e => Assert.StartsWith("score.halfLifeDays ", e),
            e => Assert.StartsWith("score.weights.view ", e));
    }

    private static Arbitrary<(EventKind Kind, long At)[]> Events => Gen.ListOf(
        from kind in Gen.Elements(EventKind.View, EventKind.Like, EventKind.Paid, EventKind.Message, EventKind.Review, EventKind.Joined,
            EventKind.Appreciated, EventKind.Updated)
        from second in Gen.Choose(0, 90 * 86_400)
        select (kind, MemberTimeline.Start + (second * 1000L))).Select(l =>
            l.Where(e => e.kind != EventKind.Appreciated).ToArray()).ToArbitrary();

    private static MemberTimeline Lived((EventKind Kind, long At)[] events)
    {
        var life = new MemberTimeline();
        foreach (var (kind, at) in events) life.Apply(life.NewEvent(at, kind), at);
        return life;
    }

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) <= 1e-9 * Math.Abs(expected);
}
