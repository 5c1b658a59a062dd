using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;
using Streaming.Members.Scoring;

namespace Streaming.Members.Tests;

public class LifecycleTests
{
    [Fact]
    public void The_first_event_greets_the_member_once()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        life.At(1, EventKind.Joined);
        var joined = Assert.Single(life.Of(EffectKind.MemberJoined));
        Assert.Equal(("first-seen", 1L, "clicks/e-1"), (joined.Reason, joined.Sequence, joined.Cause));

        var other = new MemberTimeline();
        other.At(0, EventKind.Joined);
        Assert.Equal("joined", other.Of(EffectKind.MemberJoined).Single().Reason);
    }

    [Fact]
    public void A_signal_to_an_unknown_member_changes_no_stage()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Appreciated);
        Assert.Empty(life.Effects);
        Assert.Equal(Stage.None, life.Member.Lifecycle.Stage);
        life.At(1, EventKind.View);
        Assert.Single(life.Of(EffectKind.MemberJoined));
    }

    [Fact]
    public void Activity_leads_to_engagement_and_purchases_lead_to_loyalty()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        life.At(0, EventKind.Share);
        life.At(0, EventKind.Attend);
        life.At(0, EventKind.Post);
        life.At(1, EventKind.Paid);
        life.At(1, EventKind.Paid);
        life.At(2, EventKind.Paid);
        life.At(3, EventKind.Paid);
        Assert.Equal(["awareness", "interest", "engagement", "conversion", "loyalty"], life.Of(EffectKind.StageChanged).Select(e => e.To));
        var loyalty = life.Of(EffectKind.StageChanged).Last();
        Assert.Equal(("lifecycle.loyalty", "conversion", "purchases/e-8", 3.0),
            (loyalty.Rule, loyalty.From, loyalty.Cause, loyalty.Why["purchaseDays"]));
    }

    [Fact]
    public void Engagement_falls_back_to_interest_only_below_the_hysteresis()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Attend);
        life.At(0, EventKind.Attend);
        Assert.Equal(Stage.Engagement, life.Member.Lifecycle.Stage);
        life.At(1, EventKind.Updated); // score 19.03
        Assert.Equal(Stage.Engagement, life.Member.Lifecycle.Stage);
        life.At(8, EventKind.View); // score 14.5
        Assert.Equal(Stage.Interest, life.Member.Lifecycle.Stage);
    }

    [Fact]
    public void Silence_makes_dormant_then_lapsed_each_at_its_due_time()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid);
        life.WakeAt(200);
        var stages = life.Of(EffectKind.StageChanged).Skip(1).ToArray();
        Assert.Equal([("dormant", MemberTimeline.Day(30)), ("lapsed", MemberTimeline.Day(90))], stages.Select(e => (e.To!, e.At)));
        Assert.All(stages, e => Assert.StartsWith("silence/", e.Cause));
        Assert.Equal(30, stages[0].Why["silenceDays"]);
    }

    [Fact]
    public void A_returning_member_is_recovered_until_a_purchase_or_for_two_weeks()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid);
        life.WakeAt(50);
        life.At(51, EventKind.View);
        Assert.Equal(Stage.Recovered, life.Member.Lifecycle.Stage);
        Assert.Equal("returned", life.Of(EffectKind.StageChanged).Last().Reason);
        life.At(60, EventKind.View);
        Assert.Equal(Stage.Recovered, life.Member.Lifecycle.Stage);
        life.At(66, EventKind.View);
        Assert.Equal(Stage.Conversion, life.Member.Lifecycle.Stage);

        var buyer = new MemberTimeline();
        buyer.At(0, EventKind.Paid);
        buyer.WakeAt(50);
        buyer.At(51, EventKind.View);
        buyer.At(52, EventKind.Paid);
        Assert.Equal(Stage.Conversion, buyer.Member.Lifecycle.Stage);
    }

    [Fact]
    public void A_recovered_member_without_further_events_leaves_the_stage_after_two_weeks()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid);
        life.WakeAt(50);
        life.At(51, EventKind.View);
        var recovered = life.Of(EffectKind.StageChanged).Last();
        life.WakeAt(70);
        var ended = life.Of(EffectKind.StageChanged).Last();
        Assert.Equal(("recovered", "conversion", MemberTimeline.Day(65), $"stage/{recovered.Sequence}"),
            (ended.From, ended.To, ended.At, ended.Cause));
        life.WakeAt(90);
        Assert.Equal(("dormant", MemberTimeline.Day(81)),
            (life.Of(EffectKind.StageChanged).Last().To, life.Of(EffectKind.StageChanged).Last().At));
    }

    [Fact]
    public void Engagement_is_lost_the_millisecond_the_score_has_decayed()
    {
        var life = new MemberTimeline();
        for (var i = 0; i < 3; i++) life.At(0, EventKind.Attend);
        var engaged = life.Of(EffectKind.StageChanged).Last();
        life.WakeAt(20);
        var lost = life.Of(EffectKind.StageChanged).Last();
        Assert.Equal(("engagement", "interest", $"stage/{engaged.Sequence}"), (lost.From, lost.To, lost.Cause));
        Assert.Equal(18, lost.Why["score"], 1e-6);
        Assert.Equal(14 * Math.Log2(30.0 / 18), (lost.At - MemberTimeline.Start) / (double)Time.Day, 1e-6);
    }

    [Fact]
    public void An_event_without_weight_is_judged_by_the_decayed_score()
    {
        var life = new MemberTimeline();
        for (var i = 0; i < 7; i++) life.At(0, EventKind.Attend); // 70: the middle tier
        life.WakeAt(9);
        Assert.Equal(Tier.Base, life.Member.Lifecycle.Tier);
        foreach (var kind in new[] { EventKind.Updated, EventKind.Consent, EventKind.Complaint, EventKind.Resolved, EventKind.Refunded,
            EventKind.Outcome, EventKind.Appreciated })
        {
            life.At(10, kind); // 42.67
        }

        life.WakeAt(11);
        Assert.Equal(["base", "waist", "base"], life.Of(EffectKind.TierChanged).Select(e => e.To));
        Assert.Equal(Tier.Base, life.Member.Lifecycle.Tier);
    }

    [Fact]
    public void A_late_signal_gives_no_mark_for_a_score_that_has_decayed()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Post);
        for (var i = 0; i < 19; i++) life.At(0, EventKind.Appreciated);
        life.At(30, EventKind.View);
        life.Apply(life.NewEvent(MemberTimeline.Day(0.1), EventKind.Appreciated), MemberTimeline.Day(30));
        Assert.False(life.Member.Lifecycle.IsKoc);
    }

    [Fact]
    public void Changes_and_alerts_are_emitted_in_the_order_of_their_times() => Prop.ForAll(Lives.Any, inputs =>
    {
        var life = new MemberTimeline(throughSnapshots: false);
        foreach (var input in inputs) input.Feed(life);
        life.Settles(new RuleSet { Lifecycle = new LifecycleRules { DormantDays = 5, EngagementScore = 10 },
            Churn = new ChurnRules { HiatusDays = 2 } }.Named(9), life.Member.Now);
        life.Wakes(life.Member.Now + (100 * Time.Day));
        var told = life.Effects.Where(e => e.Kind.Stream() is Effects.Stream.MemberChanges or Effects.Stream.ChurnAlerts).Select(e => e.At)
            .ToList();
        return told.SequenceEqual(told.Order());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Tier_mark_and_engagement_end_when_the_score_falls_below_their_threshold() => Prop.ForAll(Lives.Any, inputs =>
    {
        // no spending holds a tier here
        var life = new MemberTimeline(new RuleSet { Lifecycle = new LifecycleRules { Tiers = new TierRules {
            WaistSpending = long.MaxValue - 1,
            HeadSpending = long.MaxValue } } }, throughSnapshots: false);
        foreach (var input in inputs)
        {
            input.Feed(life);
            life.Wakes(life.Member.Now, life.Member.Now);
            var (member, rules) = (life.Member, life.Rules.Lifecycle);
            var then = Math.Max(life.Member.Now, Math.Max(member.LastTold, member.LastSeen));
            var score = Score.At(member.Score, life.Rules.Score, then) * (1 + 1e-9);
            if (member.Lifecycle.Tier == Tier.Waist && score < rules.Tiers.WaistScore * 0.9) return false;
            if (member.Lifecycle.Tier == Tier.Head && score < rules.Tiers.HeadScore * 0.9) return false;
            if (member.Lifecycle.Stage == Stage.Engagement && score < rules.EngagementScore * 0.9) return false;
            if (member.Lifecycle.IsKoc && Score.At(member.Score, life.Rules.Score, then,
                Topic.Signals) * (1 + 1e-9) < rules.KocInfluence * 0.9)
                return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Changed_rules_emit_their_changes_at_once_with_the_rules_as_cause()
    {
        var life = new MemberTimeline();
        for (var i = 0; i < 5; i++) life.At(0, EventKind.Attend); // 50
        var lower = new RuleSet { Lifecycle = new LifecycleRules { EngagementScore = 100, Tiers = new TierRules { WaistScore = 40 } } }
            .Named(0xB);
        var told = life.Settles(lower, MemberTimeline.Day(1));
        Assert.Equal([("engagement", "interest"), ("base", "waist")], told.Select(e => (e.From!, e.To!)));
        Assert.All(told, e => Assert.Equal(("rules/000000000000000b", MemberTimeline.Day(1)), (e.Cause, e.At)));
        Assert.Empty(life.Settles(lower.Named(0xC), MemberTimeline.Day(2)));
        var back = life.Settles(new RuleSet().Named(0xA), MemberTimeline.Day(2));
        Assert.Equal(["engagement", "base"], back.Select(e => e.To));
        // the same rules again: other ids
        Assert.Equal(told.Count + back.Count, life.Settles(lower, MemberTimeline.Day(2)).Concat(told).Concat(back).Select(e => e.Id)
            .Distinct()
            .Count() - 2);
    }

    [Fact]
    public void A_change_due_by_new_rules_is_not_dated_before_them()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        life.Settles(new RuleSet { Lifecycle = new LifecycleRules { DormantDays = 10 }, Churn = new ChurnRules { HiatusDays = 5 } }
            .Named(1), MemberTimeline.Day(15));
        life.WakeAt(15);
        Assert.Equal([("hiatus", MemberTimeline.Day(15)), ("dormant", MemberTimeline.Day(15))],
            life.Effects.TakeLast(2).Select(e => (e.Reason ?? e.To!, e.At)));
    }

    [Fact]
    public void A_late_event_within_the_silence_reverses_dormancy()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        life.WakeAt(31);
        Assert.Equal(Stage.Dormant, life.Member.Lifecycle.Stage);
        life.Apply(life.NewEvent(MemberTimeline.Day(20), EventKind.View), MemberTimeline.Day(32));
        Assert.Equal((Stage.Awareness, "late-event"), (life.Member.Lifecycle.Stage, life.Of(EffectKind.StageChanged).Last().Reason));
        life.WakeAt(51);
        var dormant = life.Of(EffectKind.StageChanged).Where(e => e.To == "dormant").ToArray();
        Assert.Equal(2, dormant.Select(e => e.Cause).Distinct().Count());
    }

    [Fact]
    public void Events_of_operators_do_not_end_a_silence()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        foreach (var kind in new[] { EventKind.Updated, EventKind.Consent, EventKind.Outcome, EventKind.Adjust, EventKind.Resolved,
            EventKind.Refunded }) life.At(20, kind);
        Assert.Equal(MemberTimeline.Day(0), life.Member.LastActive);
        Assert.Equal(MemberTimeline.Day(20), life.Member.LastSeen);
    }

    [Fact]
    public void The_tier_goes_up_by_score_or_spending_and_down_the_millisecond_the_score_has_decayed()
    {
        var life = new MemberTimeline();
        for (var i = 0; i < 4; i++) life.At(0, EventKind.Paid);
        Assert.Equal(Tier.Waist, life.Member.Lifecycle.Tier);
        life.WakeAt(25);
        var down = life.Of(EffectKind.TierChanged).Last();
        Assert.Equal(("waist", "base"), (down.From, down.To));
        Assert.Equal(54, down.Why["score"], 1e-6); // 60 less the tenth of hysteresis
        Assert.Equal(14 * Math.Log2(80.0 / 54), (down.At - MemberTimeline.Start) / (double)Time.Day, 1e-6);
        Assert.StartsWith("tier/", down.Cause);

        life.At(26, EventKind.Paid, MemberTimeline.Of("o-1", 6000));
        Assert.Equal(Tier.Head, life.Member.Lifecycle.Tier);
        life.WakeAt(400);
        Assert.Equal(Tier.Head, life.Member.Lifecycle.Tier); // what was spent does not decay
        life.At(401, EventKind.Refunded, MemberTimeline.Of("o-1", 5900));
        Assert.Equal(Tier.Base, life.Member.Lifecycle.Tier);
    }

    [Fact]
    public void Spending_counts_by_the_rates_of_the_rules()
    {
        var life = new MemberTimeline(new RuleSet { Lifecycle =
            new LifecycleRules { Tiers = new TierRules { Rates = new Dictionary<string, long> { ["JPY"] = 500 } } } });
        life.At(0, EventKind.Paid, e => (e.Amount, e.Currency) = (60_000_000, Text.From("JPY"))); // 6,000 yen at 0.05
        Assert.Equal(Tier.Base, life.Member.Lifecycle.Tier);
        life.At(0, EventKind.Paid, e => (e.Amount, e.Currency) = (2_500_000, Text.From("EUR")));
        Assert.Equal(Tier.Waist, life.Member.Lifecycle.Tier);
        Assert.Equal(550, life.Of(EffectKind.TierChanged).Last().Why["spending"]);
    }

    [Fact]
    public void The_tier_by_spending_follows_new_thresholds_and_every_change_of_spending()
    {
        var life = new MemberTimeline(throughSnapshots: false);
        var higher = new RuleSet { Lifecycle = new LifecycleRules { Tiers = new TierRules { WaistSpending = 10_000_000 } } }.Named(0xB);
        life.At(0, EventKind.Paid, MemberTimeline.Of("o-1", 600));
        Assert.Equal(Tier.Waist, life.Member.Lifecycle.Tier);
        life.Settles(higher, MemberTimeline.Day(1));
        Assert.Equal(Tier.Base, life.Member.Lifecycle.Tier);
        life.Settles(new RuleSet().Named(0xA), MemberTimeline.Day(2));
        Assert.Equal(Tier.Waist, life.Member.Lifecycle.Tier);
        life.At(3, EventKind.Refunded, MemberTimeline.Of("o-1", 200));
        Assert.Equal(Tier.Base, life.Member.Lifecycle.Tier);
        life.At(4, EventKind.Paid, MemberTimeline.Of("o-1", 100));
        Assert.Equal(Tier.Waist, life.Member.Lifecycle.Tier);
    }

    [Theory]
    [InlineData("VND", 1_250_000, Tier.Base)] // 40.85 of the base currency
    [InlineData("VND", 16_000_000, Tier.Waist)]
    [InlineData("KWD", 200, Tier.Waist)] // 558.65
    [InlineData("XTS", 1_000_000, Tier.Base)] // not listed: worth nothing until a rule says so
    public void Spending_counts_in_the_base_currency(string currency, int amount, Tier tier)
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid, MemberTimeline.Of("o-1", amount, currency));
        Assert.Equal(tier, life.Member.Lifecycle.Tier);
    }

    [Theory]
    [InlineData(EventKind.Like, true)]
    [InlineData(EventKind.Share, true)]
    [InlineData(EventKind.Reply, true)]
    [InlineData(EventKind.Reaction, true)]
    [InlineData(EventKind.View, false)]
    public void A_like_sends_a_signal_to_the_author(EventKind kind, bool tells)
    {
        var life = new MemberTimeline();
        life.At(0, kind, e => e.Author = Text.From("m-2"));
        life.At(0, kind, e => e.Author = Text.From("m-1")); // oneself
        life.At(0, kind);
        Assert.Equal(tells ? [("m-2", "appreciated")] : [], life.Of(EffectKind.Tell).Select(e => (e.Subject, e.To!)));
    }

    [Fact]
    public void A_member_with_enough_likes_is_a_key_opinion_consumer_while_the_score_lasts()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Post);
        for (var i = 0; i < 21; i++) life.At(0.1, EventKind.Appreciated);
        Assert.True(life.Member.Lifecycle.IsKoc);
        Assert.Equal((null, "koc"), life.Of(EffectKind.TierChanged).Where(e => e.Rule == "lifecycle.kocInfluence")
            .Select(e => (e.From, e.To)).Single());
        life.WakeAt(10);
        Assert.False(life.Member.Lifecycle.IsKoc);
        Assert.Equal(18, life.Of(EffectKind.TierChanged).Last().Why["influence"], 1e-6);
    }
}
