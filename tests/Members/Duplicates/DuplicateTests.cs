using Streaming.Members.Events;

namespace Streaming.Members.Tests;

public class DuplicateTests
{
    [Fact]
    public void Sixty_four_chats_do_not_push_out_a_purchase()
    {
        var life = new Chronicle();
        var purchase = life.NewEvent(Chronicle.Day(0), EventKind.Paid);
        Assert.Equal(Verdict.Applied, life.Apply(purchase, Chronicle.Day(0)));
        for (var i = 0; i < 200; i++) life.At(0.1, EventKind.Message);
        Assert.Equal(Verdict.Duplicate, life.Apply(purchase, Chronicle.Day(1)));
        Assert.Equal(1, life.Member.Spending.Paid);
    }

    [Theory]
    [InlineData(EventKind.View, DuplicateWindow.Clicks)]
    [InlineData(EventKind.Paid, DuplicateWindow.Purchases)]
    [InlineData(EventKind.Message, DuplicateWindow.Chats)]
    [InlineData(EventKind.Updated, DuplicateWindow.Members)]
    [InlineData(EventKind.Appreciated, DuplicateWindow.Signals)]
    public void Exactly_the_stated_number_of_ids_is_remembered(EventKind kind, int window)
    {
        var life = new Chronicle();
        var events = Enumerable.Range(0, window + 1).Select(_ => life.NewEvent(Chronicle.Day(0), kind)).ToArray();
        foreach (var e in events) life.Apply(e, Chronicle.Day(0));
        foreach (var e in events[1..]) Assert.Equal(Verdict.Duplicate, life.Apply(e, Chronicle.Day(0)));
        Assert.Equal(Verdict.Applied, life.Apply(events[0], Chronicle.Day(0)));
    }

    [Fact]
    public void The_same_id_from_another_source_or_on_another_topic_is_another_event()
    {
        var life = new Chronicle();
        Assert.Equal(Verdict.Applied, life.At(0, EventKind.View, e => e.Id = Text.From("1")));
        Assert.Equal(Verdict.Applied, life.At(0, EventKind.View, e => (e.Id, e.Source) = (Text.From("1"), Text.From("shop"))));
        Assert.Equal(Verdict.Applied, life.At(0, EventKind.Message, e => e.Id = Text.From("1")));
        Assert.Equal(Verdict.Duplicate, life.At(0, EventKind.Like, e => e.Id = Text.From("1")));
    }

    [Fact]
    public void An_order_is_paid_once_whatever_the_id()
    {
        var life = new Chronicle();
        Assert.Equal(Verdict.Applied, life.At(0, EventKind.Paid, e => e.Order = Text.From("o-1")));
        Assert.Equal(Verdict.Duplicate, life.At(0, EventKind.Paid, e => e.Order = Text.From("o-1")));
        Assert.Equal(Verdict.Applied, life.At(0, EventKind.Cancelled, e => e.Order = Text.From("o-1")));
        Assert.Equal(Verdict.Applied, life.At(0, EventKind.Paid, e => e.Order = Text.From("o-2")));
    }

    [Fact]
    public void An_order_is_refunded_in_parts_but_each_part_once()
    {
        var life = new Chronicle();
        Assert.Equal(Verdict.Applied, life.At(1, EventKind.Refunded, e => (e.Order, e.Amount) = (Text.From("o-1"), 50_000)));
        Assert.Equal(Verdict.Duplicate, life.At(1, EventKind.Refunded, e => (e.Order, e.Amount) = (Text.From("o-1"), 50_000)));
        Assert.Equal(Verdict.Applied, life.At(2, EventKind.Refunded, e => (e.Order, e.Amount) = (Text.From("o-1"), 50_000)));
        Assert.Equal(Verdict.Applied, life.At(1, EventKind.Refunded, e => (e.Order, e.Amount) = (Text.From("o-1"), 20_000)));
    }

    [Fact]
    public void A_redemption_is_done_once_per_request()
    {
        var life = new Chronicle();
        Assert.Equal(Verdict.Applied, life.At(0, EventKind.Redeem, e => (e.Request, e.Gift, e.Points) = (Text.From("r-1"), Text.From("mug"), 10)));
        Assert.Equal(Verdict.Duplicate, life.At(1, EventKind.Redeem, e => (e.Request, e.Gift, e.Points) = (Text.From("r-1"), Text.From("mug"), 10)));
    }
}
