using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Views;
using Streaming.Members.Effects;
using Streaming.Members.EventHistory;
using Streaming.Members.Events;

namespace Streaming.Members.Tests;

public class LastEventsTests
{
    [Fact]
    public void Last_events_are_the_eight_latest_accepted_events_by_their_at() => Prop.ForAll(Lives.Any, inputs =>
    {
        var life = new MemberTimeline(throughSnapshots: false);
        var accepted = new List<MemberEvent>();
        foreach (var input in inputs)
        {
            if (input.Wakes) input.Feed(life);
            else if (input.Event(life) is var e && life.Apply(e, input.Now).IsApplied()) accepted.Add(e);
            var expected = accepted.OrderBy(a => a.At).TakeLast(LastEventsState.Capacity).Select(a => (a.Kind, a.At, a.Rating));
            if (!Remembered(life).Select(r => (r.Kind, r.At, r.Rating)).SequenceEqual(expected)) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_member_view_lists_last_events_newest_first() => Prop.ForAll(Lives.Any, inputs =>
    {
        var life = new MemberTimeline(throughSnapshots: false);
        foreach (var input in inputs) input.Feed(life);
        var shown = MemberView.Of(life.Member, life.Rules, life.Member.Now).LastEvents;
        return shown.Count <= LastEventsState.Capacity
            && shown.Select(e => e.At).SequenceEqual(Remembered(life).Reverse().Select(e => Time.Text(e.At)))
            && shown.Zip(shown.Skip(1)).All(pair => string.CompareOrdinal(pair.First.At, pair.Second.At) >= 0);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Points_of_the_last_events_less_expired_ones_make_the_balance() => Prop.ForAll(Lives.Any, inputs =>
    {
        var life = new MemberTimeline(throughSnapshots: false);
        foreach (var input in inputs.Take(LastEventsState.Capacity)) input.Feed(life);
        var expired = life.Of(EffectKind.PointsExpired).Sum(e => e.Points);
        return Remembered(life).Sum(e => e.Points) + expired == life.Member.Points.Balance - life.Member.Points.Owed;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_inputs_give_the_same_bytes_through_snapshots_and_without() => Prop.ForAll(Lives.Any, inputs =>
    {
        var (kept, reread) = (new MemberTimeline(throughSnapshots: false), new MemberTimeline());
        foreach (var input in inputs)
        {
            input.Feed(kept);
            input.Feed(reread);
        }

        return kept.Bytes().AsSpan().SequenceEqual(reread.Bytes()) && Remembered(kept).SequenceEqual(Remembered(reread));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_last_event_has_its_kind_score_and_points()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        life.At(1, EventKind.Paid, MemberTimeline.Paid(129.5m, "EUR"));
        life.At(2, EventKind.Review, e => e.Rating = 5);
        life.At(3, EventKind.Redeem, MemberTimeline.Redeem(100, "r-1"));
        life.At(4, EventKind.Redeem, MemberTimeline.Redeem(5000, "r-2"));
        life.At(5, EventKind.Appreciated);

        Assert.Equal(
        [
            Shown("signals", "appreciated", "2026-01-06T00:00:00.000Z", 1, 0, null, null, null),
            Shown("members", "redeem", "2026-01-05T00:00:00.000Z", 3, 0, null, null, null),
            Shown("members", "redeem", "2026-01-04T00:00:00.000Z", 3, -100, null, null, null),
            Shown("chats", "review", "2026-01-03T00:00:00.000Z", 8, 20, null, null, 5),
            Shown("purchases", "paid", "2026-01-02T00:00:00.000Z", 20, 129, 129.50m, "EUR", null),
            Shown("clicks", "view", "2026-01-01T00:00:00.000Z", 1, 0, null, null, null),
        ], MemberView.Of(life.Member, life.Rules, MemberTimeline.Day(6)).LastEvents);
    }

    [Fact]
    public void A_late_event_is_inserted_by_time_and_dropped_when_older_than_a_full_list()
    {
        var life = new MemberTimeline();
        for (var day = 1; day <= 8; day++) life.At(day, EventKind.View);
        life.Happens(EventKind.Share, MemberTimeline.Day(4.5), now: MemberTimeline.Day(9));
        life.Happens(EventKind.Vote, MemberTimeline.Day(0.5), now: MemberTimeline.Day(9));
        Assert.Equal([2, 3, 4, 4.5, 5, 6, 7, 8], Remembered(life).Select(e => (e.At - MemberTimeline.Start) / (double)Time.Day));
        Assert.Equal(EventKind.Share, Remembered(life)[3].Kind);
    }

    [Fact]
    public void A_repeated_event_is_listed_once()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.View, MemberTimeline.Day(1), id: "v-1");
        life.Happens(EventKind.View, MemberTimeline.Day(1), id: "v-1", now: MemberTimeline.Day(2));
        Assert.Single(Remembered(life));
    }

    [Fact]
    public void A_plain_last_event_takes_seven_bytes_of_a_snapshot()
    {
        var life = new MemberTimeline();
        for (var i = 0; i < 100; i++) life.At(i / 24.0, EventKind.View);
        var full = life.Bytes().Length;
        life.Member.LastEvents.Clear();
        Assert.InRange(full - life.Bytes().Length, 1, 7 * LastEventsState.Capacity);
    }

    private static LastEventView Shown(string topic, string kind, string at, double score, long points, decimal? amount, string? currency,
        int? rating) => new()
        {
            Topic = topic,
            Kind = kind,
            At = at,
            Score = score,
            Points = points,
            Amount = amount,
            Currency = currency,
            Rating = rating,
        };

    private static LastEvent[] Remembered(MemberTimeline life) =>
        [.. Enumerable.Range(0, life.Member.LastEvents.Count).Select(i => life.Member.LastEvents[i])];
}
