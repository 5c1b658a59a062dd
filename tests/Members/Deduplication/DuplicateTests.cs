using Streaming.Members.Deduplication;
using Streaming.Members.Events;

namespace Streaming.Members.Tests;

public class DuplicateTests
{
    [Fact]
    public void A_purchase_stays_remembered_after_200_chats()
    {
        var life = new MemberTimeline();
        var purchase = life.NewEvent(MemberTimeline.Day(0), EventKind.Paid);
        Assert.Equal(Verdict.Applied, life.Apply(purchase, MemberTimeline.Day(0)));
        for (var i = 0; i < 200; i++) life.At(0.1, EventKind.Message);
        Assert.Equal(Verdict.Duplicate, life.Apply(purchase, MemberTimeline.Day(1)));
        Assert.Equal(1, life.Member.Spending.Paid);
    }

    [Theory]
    [InlineData(EventKind.View, DuplicateWindow.Clicks)]
    [InlineData(EventKind.Message, DuplicateWindow.Chats)]
    [InlineData(EventKind.Updated, DuplicateWindow.Members)]
    [InlineData(EventKind.Appreciated, DuplicateWindow.Signals)]
    public void Exactly_the_stated_number_of_ids_is_remembered(EventKind kind, int window)
    {
        var life = new MemberTimeline();
        var events = Enumerable.Range(0, window + 1).Select(_ => life.NewEvent(MemberTimeline.Day(0), kind)).ToArray();
        foreach (var e in events) life.Apply(e, MemberTimeline.Day(0));
        foreach (var e in events[1..]) Assert.Equal(Verdict.Duplicate, life.Apply(e, MemberTimeline.Day(0)));
        Assert.Equal(Verdict.Applied, life.Apply(events[0], MemberTimeline.Day(0)));
    }

    [Fact]
    public void The_same_id_from_another_source_or_on_another_topic_is_another_event()
    {
        var life = new MemberTimeline();
        Assert.Equal(Verdict.Applied, life.At(0, EventKind.View, e => e.Id = Text.From("1")));
        Assert.Equal(Verdict.Applied, life.At(0, EventKind.View, e => (e.Id, e.Source) = (Text.From("1"), Text.From("shop"))));
        Assert.Equal(Verdict.Applied, life.At(0, EventKind.Message, e => e.Id = Text.From("1")));
        Assert.Equal(Verdict.Duplicate, life.At(0, EventKind.Like, e => e.Id = Text.From("1")));
    }

    [Fact]
    public void A_redemption_is_granted_once_per_request_id()
    {
        var life = new MemberTimeline();
        life.Pays("2026-01-01T00:00Z", 100);
        Assert.Equal(Verdict.Applied, life.At(1, EventKind.Redeem, MemberTimeline.Redeem(10, "r-1")));
        life.At(2, EventKind.Redeem, MemberTimeline.Redeem(10, "r-1"));
        Assert.Equal(90, life.Member.Points.Balance);
    }

    [Theory]
    [InlineData(EventKind.Redeem)]
    [InlineData(EventKind.Adjust)]
    public void Redemptions_and_adjustments_count_once_however_many_lie_between(EventKind kind)
    {
        var life = new MemberTimeline(throughSnapshots: false);
        life.Pays("2026-01-01T00:00Z", 100_000);
        var first = life.NewEvent(MemberTimeline.Day(1), kind, e => (e.Points, e.Request) = (10, Text.From("first")));
        Assert.Equal(Verdict.Applied, life.Apply(first, first.At));
        for (var i = 0; i < 2 * RequestsState.MaxRequests; i++)
        {
            Assert.Equal(Verdict.Applied, life.At(2 + (i / 100.0), kind, e => (e.Points, e.Request) = (10, Text.From($"q-{i}"))));
            var balance = life.Member.Points.Balance;
            var verdict = life.Apply(first, MemberTimeline.Day(2 + (i / 100.0)));
            Assert.Equal(i >= RequestsState.MaxRequests - 1, verdict == Verdict.TooLate);
            Assert.Equal(balance, life.Member.Points.Balance);
        }
    }
}
