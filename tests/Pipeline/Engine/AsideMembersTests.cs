using Streaming.Engine.Turns;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>Members that this program failed on stay aside as long as the rules do under which it did.</summary>
public sealed class AsideMembersTests
{
    private readonly AsideMembers aside = new();

    [Fact]
    public void A_member_put_aside_under_rules_nobody_was_asked_about_yet_stays_aside()
    {
        aside.Add("ann"u8, rules: 1);
        Assert.False(aside.Contains("bob"u8, rules: 1));
        Assert.True(aside.Contains("ann"u8, rules: 1));
        aside.Add("cid"u8, rules: 2);
        Assert.True(aside.Contains("cid"u8, rules: 2));
        Assert.Equal(1, aside.Count);
    }

    [Fact]
    public void Other_rules_make_all_be_tried_again()
    {
        aside.Add("ann"u8, rules: 1);
        Assert.False(aside.Contains("ann"u8, rules: 2));
        Assert.Equal(0, aside.Count);
    }
}
