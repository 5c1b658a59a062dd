using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Arithmetic;

namespace Streaming.Members.Tests;

public class NumericsTests
{
    [Fact]
    public void Exp2_agrees_with_the_platform_to_1e_13() => Prop.ForAll(Between(-1021, 1023), x =>
        Near(Math.Pow(2, x), Numerics.Exp2(x), 1e-13)).QuickCheckThrowOnFailure();

    [Fact]
    public void Log2_agrees_with_the_platform_to_1e_13() => Prop.ForAll(Between(-1074, 1023), x =>
    {
        var value = Math.Pow(2, x);
        return Near(Math.Log2(value), Numerics.Log2(value), 1e-13);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Log2_keeps_its_precision_next_to_one() => Prop.ForAll(Between(-0.3, 0.3), x =>
        Near(Math.Log2(1 + x), Numerics.Log2(1 + x), 1e-13)).QuickCheckThrowOnFailure();

    [Fact]
    public void The_approximate_logarithm_is_within_a_ten_thousandth() => Prop.ForAll(Between(-1021, 1023), x =>
        Math.Abs(Numerics.RoughLog2(Math.Pow(2, x)) - x) < 1e-4).QuickCheckThrowOnFailure();

    [Fact]
    public void Exp2_and_Log2_of_whole_powers_are_exact()
    {
        for (var n = -1022; n <= 1023; n++)
        {
            var power = Math.ScaleB(1.0, n);
            Assert.Equal(power, Numerics.Exp2(n));
            Assert.Equal(n, Numerics.Log2(power));
        }
    }

    [Fact]
    public void Exp2_and_Log2_at_the_ends_of_their_range_return_the_documented_values()
    {
        Assert.Equal(0, Numerics.Exp2(-1022.5));
        Assert.Equal(0, Numerics.Exp2(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, Numerics.Exp2(1024));
        Assert.True(double.IsFinite(Numerics.Exp2(1023.9999)));
        Assert.True(double.IsNaN(Numerics.Exp2(double.NaN)));
        Assert.Equal(double.NegativeInfinity, Numerics.Log2(0));
        Assert.Equal(double.PositiveInfinity, Numerics.Log2(double.PositiveInfinity));
        Assert.True(double.IsNaN(Numerics.Log2(-1)));
    }

    [Fact]
    public void Exp2_and_Log2_give_the_recorded_bits()
    {
        // Recorded once: another value here means that histories recorded before no longer replay to the same bytes.
        ulong hash = 0;
        for (var i = 1; i <= 10_000; i++)
        {
            var x = (i * 0.123_456_789) - 600;
            hash = Add(hash, Numerics.Exp2(x));
            hash = Add(hash, Numerics.Log2(i * 0.987_654_321));
            hash = Add(hash, Numerics.Pow(1 + (i * 0.001), -2.7));
        }

        Assert.Equal("6c104fee0036267a", hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));

        static ulong Add(ulong hash, double value) => StableHash.Of(BitConverter.GetBytes(value), hash);
    }

    [Theory]
    [InlineData(0.5, 0.57236494292470008)] // ln √π
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(5, 3.1780538303479458)] // ln 24
    [InlineData(10.5, 13.940625219403763)] // ln(654729075·√π/1024)
    [InlineData(171, 706.57306224578736)] // ln 170!
    public void LogGamma_gives_the_known_values(double x, double expected) =>
        Assert.Equal(expected, Numerics.LogGamma(x), 1e-12 * Math.Max(1, expected));

    [Fact]
    public void LogGamma_obeys_its_recurrence() => Prop.ForAll(Between(0.01, 300), x =>
        Math.Abs(Numerics.LogGamma(x + 1) - Numerics.LogGamma(x) - Math.Log(x)) < 1e-11)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Hypergeometric_gives_its_elementary_cases() => Prop.ForAll(Between(0.001, 0.99), z =>
        Near(-Math.Log(1 - z) / z, Numerics.Hypergeometric(1, 1, 2, z), 1e-11)
        && Near(Math.Pow(1 - z, -1.5), Numerics.Hypergeometric(1.5, 3, 3, z), 1e-11)).QuickCheckThrowOnFailure();

    [Fact]
    public void LogAddExp_adds_without_overflow()
    {
        Assert.Equal(1000 + Math.Log(2), Numerics.LogAddExp(1000, 1000), 1e-12);
        Assert.Equal(0, Numerics.LogAddExp(0, -2000), 1e-15);
        Assert.Equal(3, Numerics.LogAddExp(double.NegativeInfinity, 3), 1e-15);
    }

    private static Arbitrary<double> Between(double low, double high) =>
        Gen.Choose(0, int.MaxValue).SelectMany(a => Gen.Choose(0, 999_983), (a, b) => low +
            ((high - low) * ((a / (double)int.MaxValue * 0.999_999) + (b * 1e-12)))).ToArbitrary();

    private static bool Near(double expected, double actual, double relative) =>
        Math.Abs(actual - expected) <= relative * Math.Abs(expected);
}
