using System.Text.Json;
using Streaming.Engine.Views;
using Streaming.Members.Events;

namespace Streaming.Members.Tests;

public class MemberViewTests
{
    [Fact]
    public void The_member_view_has_the_fields_of_the_ops_API()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid, e => (e.Amount, e.Currency) = (1_995_000, Text.From("EUR")));
        life.At(7, EventKind.Paid, e => (e.Amount, e.Currency) = (10_000, Text.From("CNY")));
        var before = life.Bytes();
        var view = MemberView.Of(life.Member, life.Rules, MemberTimeline.Day(21));
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(view, JsonSerializerOptions.Web));
        var root = json.RootElement;

        Assert.Equal("m-1", root.GetProperty("member").GetString());
        Assert.Equal((20 * Math.Sqrt(0.5) / 2) + 10, root.GetProperty("score").GetDouble(), 1e-9);
        Assert.Equal("conversion", root.GetProperty("stage").GetString());
        Assert.Equal("2026-01-01T00:00:00.000Z", root.GetProperty("stageSince").GetString());
        Assert.Equal("2026-01-08T00:00:00.000Z", root.GetProperty("lastSeen").GetString());
        Assert.Equal(199.5m, root.GetProperty("purchases").GetProperty("spent").GetProperty("EUR").GetDecimal());
        Assert.Equal(1m, root.GetProperty("purchases").GetProperty("spent").GetProperty("CNY").GetDecimal());
        Assert.Equal("hiatus", root.GetProperty("churn").GetProperty("rule").GetString());
        Assert.InRange(root.GetProperty("churn").GetProperty("pAlive").GetDouble(), 0.5, 0.75);
        Assert.InRange(root.GetProperty("churn").GetProperty("expectedPurchases").GetDouble(), 0.1, 2);
        Assert.True(root.GetProperty("points").GetInt64() > 0);
        Assert.Equal(before, life.Bytes());
    }

    [Fact]
    public void An_empty_member_has_a_view()
    {
        var view = MemberView.Of(new MemberTimeline().Member, new Rules.RuleSet(), MemberTimeline.Start);
        Assert.Equal((0.0, "none", null, "none"), (view.Score, view.Stage, view.LastSeen, view.Churn.Rule));
    }
}
