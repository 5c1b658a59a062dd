using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Pipeline.Replay;

namespace Streaming.Pipeline.Tests.Replay;

public class ReplayValueTests
{
    [Fact]
    public void A_product_is_exact()
    {
        Prop.ForAll(Gen.Choose(-1_000_000, 1_000_000).ToArbitrary(), Gen.Choose(0, 100_000_000).ToArbitrary(), (quantity, price) =>
        {
            var product = ExactProduct.Of([quantity.ToString(CultureInfo.InvariantCulture), $"{price / 1000}.{price % 1000:D3}"], [true, false]);
            return decimal.Parse(product!, CultureInfo.InvariantCulture) * 1000 == Math.Abs((long)quantity) * (long)price;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("12x")]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData("12345678901234567890123456789")]
    public void What_cannot_be_exact_is_no_product(string factor) => Assert.Null(ExactProduct.Of([factor], [false]));

    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss", "UTC", "2014-01-07 00:00:15", 1_389_052_815_000)]
    [InlineData("yyyy-MM-dd HH:mm:ss", "Europe/London", "2011-07-01 09:41:00", 1_309_509_660_000)]
    [InlineData("yyyy-MM-dd HH:mm:ss", "Europe/Berlin", "2010-10-31 02:30:00", 1_288_485_000_000)]
    [InlineData("M/d/yyyy H:mm", "UTC", "1/7/2014 0:00", 1_389_052_800_000)]
    [InlineData("dd/MMM/yyyy:HH:mm:ss zzz", "UTC", "01/Jul/1995:00:00:01 -04:00", 804_571_201_000)]
    [InlineData("rfc3339", "UTC", "2010-01-04T10:25:00Z", 1_262_600_700_000)]
    [InlineData("epoch-seconds", "UTC", "1262600700.5", 1_262_600_700_500)]
    [InlineData("epoch-milliseconds", "UTC", "1262600700500", 1_262_600_700_500)]
    public void Times_are_read_in_their_zone(string format, string zone, string text, long expected)
    {
        Assert.True(TimeFormat.IsValid(format));
        Assert.True(new TimeFormat(new TimeColumn { Column = "x", Format = format, Zone = zone }).TryRead(text, out var at));
        Assert.Equal(expected, at);
    }

    [Theory]
    [InlineData("yyyy-MM-dd", "2014-13-01")]
    [InlineData("rfc3339", "2014-01-01")]
    [InlineData("epoch-seconds", "now")]
    [InlineData("epoch-milliseconds", "1.5")]
    [InlineData("yyyy-MM-dd zzz", "2014-01-01")]
    public void What_is_no_time_is_not_read(string format, string text) =>
        Assert.False(new TimeFormat(new TimeColumn { Column = "x", Format = format }).TryRead(text, out _));
}
