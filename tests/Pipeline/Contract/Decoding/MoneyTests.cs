using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;

namespace Streaming.Pipeline.Tests.Contract.Decoding;

public class MoneyTests
{
    [Fact]
    public void Every_amount_up_to_the_largest_is_read_exactly_in_every_way_of_writing_it()
    {
        var amounts = from high in Gen.Choose(0, 1_000_000) from low in Gen.Choose(0, 999_999_999)
            select Math.Min(Money.Max, (high * 1_000_000_000L) + low);
        Prop.ForAll(amounts.ToArbitrary(), amount =>
        {
            var exact = amount / 10_000m;
            string[] ways =
            [
                exact.ToString(CultureInfo.InvariantCulture), exact.ToString("F4", CultureInfo.InvariantCulture),
                exact.ToString("F4", CultureInfo.InvariantCulture) + "000",
                amount + "e-4", amount.ToString(CultureInfo.InvariantCulture) + "000E-7", (amount / 1e4m / 1000m)
                .ToString(CultureInfo.InvariantCulture) + "e+3",
            ];
            return ways.All(way => Money.Parse(Encoding.ASCII.GetBytes(way), out var read) == RejectReason.None && read == amount);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0.00", 0)]
    [InlineData("0e9999", 0)]
    [InlineData("0.1", 1_000)]
    [InlineData("2.675", 26_750)]
    [InlineData("100000000000", 1_000_000_000_000_000)]
    [InlineData("0.000100000000000000000000000000000000000000", 1)]
    [InlineData("0.30000000000000004", 3_000)]
    [InlineData("0.1e1", 10_000)]
    [InlineData("17.999999999999996", 180_000)]
    [InlineData("1.000000001", 10_000)]
    [InlineData("1.000099999", 10_001)]
    [InlineData("1e-9", 0)]
    [InlineData("1e-99999", 0)]
    [InlineData("0e99999", 0)]
    [InlineData("3.0000000000000004e-1", 3_000)]
    [InlineData("-1e-12", 0)]
    public void Amounts_in_listed_formats_are_read_exactly(string text, long expected)
    {
        Assert.Equal(RejectReason.None, Money.Parse(Encoding.UTF8.GetBytes(text), out var amount));
        Assert.Equal(expected, amount);
    }

    [Fact]
    public void An_amount_with_a_binary_rounding_error_is_rounded_to_four_decimals() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), (one, other) =>
    {
        var sum = (one / 1e4) + (other / 1e4);
        return Money.Parse(Encoding.ASCII.GetBytes(sum.ToString("R", CultureInfo.InvariantCulture)), out var read) == RejectReason.None
            && read == one + (long)other;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1e99999")]
    [InlineData("9e11")]
    [InlineData("100000000000.0001")]
    [InlineData("99999999999999999999999999999999999999999")]
    public void Amounts_beyond_the_limit_are_too_large(string text) =>
        Assert.Equal(RejectReason.AmountTooLarge, Money.Parse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("+5")]
    [InlineData("05")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("1,000.00")]
    [InlineData("€5")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("1e")]
    [InlineData("0.00001")]
    [InlineData("1e-5")]
    [InlineData("0.00005")]
    [InlineData("1.00000000100001")]
    [InlineData("1.0000999989")]
    [InlineData("2e-9")]
    public void Amounts_in_other_formats_are_rejected_as_invalid(string text) =>
        Assert.Equal(RejectReason.AmountInvalid, Money.Parse(Encoding.UTF8.GetBytes(text), out _));
}
