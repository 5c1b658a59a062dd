using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Effects;

namespace Streaming.Members.Tests;

public class EffectIdTests
{
    [Fact]
    public void The_effect_id_of_fixed_parts_is_the_recorded_value()
    {
        // printf '\x0a\x03\x00\x00\x00m-1\x0f\x00\x00\x00purchase-points\x03\x00\x00\x00p-1\x00\x00\x00\x00' | sha256sum | cut -c1-32
        Assert.Equal("87b39e7f2120936c66d2acf688dcab49", Id(EffectKind.PointsEarned, "m-1", "purchase-points", "p-1", 0));
    }

    [Fact]
    public void Equal_parts_give_equal_ids_and_other_parts_give_other_ids() =>
        Prop.ForAll<NonNull<string>, NonNull<string>, NonNull<string>>((member, rule, cause) =>
    {
        var id = Id(EffectKind.PointsEarned, member.Get, rule.Get, cause.Get, 0);
        return id == Id(EffectKind.PointsEarned, member.Get, rule.Get, cause.Get, 0)
            && id != Id(EffectKind.PointsSpent, member.Get, rule.Get, cause.Get, 0)
            && id != Id(EffectKind.PointsEarned, member.Get + "x", rule.Get, cause.Get, 0)
            && id != Id(EffectKind.PointsEarned, member.Get, rule.Get + "x", cause.Get, 0)
            && id != Id(EffectKind.PointsEarned, member.Get, rule.Get, cause.Get + "x", 0)
            && id != Id(EffectKind.PointsEarned, member.Get, rule.Get, cause.Get, 1);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_byte_that_moves_from_one_part_to_the_next_makes_another_id() =>
        Assert.NotEqual(Id(EffectKind.BadgeEarned, "ab", "c", "d", 0), Id(EffectKind.BadgeEarned, "a", "bc", "d", 0));

    [Fact]
    public void A_very_long_cause_still_has_an_id() =>
        Assert.Matches("^[0-9a-f]{32}$", Id(EffectKind.BadgeEarned, "m", "r", new string('c', 5000), 0));

    [Fact]
    public void An_id_costs_no_allocation()
    {
        var to = new byte[EffectId.Length];
        EffectId.Write(to, EffectKind.PointsEarned, "member"u8, "rule", "cause"u8, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) EffectId.Write(to, EffectKind.PointsEarned, "member"u8, "rule", "cause"u8, i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Id(EffectKind kind, string member, string rule, string cause, int ordinal)
    {
        var to = new byte[EffectId.Length];
        EffectId.Write(to, kind, Encoding.UTF8.GetBytes(member), rule, Encoding.UTF8.GetBytes(cause), ordinal);
        return Encoding.ASCII.GetString(to);
    }
}
