using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Contract.Decoding;

namespace Streaming.Pipeline.Tests.Contract.Decoding;

public class TimestampTests
{
    [Fact]
    public void Every_instant_is_read_the_same_with_any_offset_and_precision()
    {
        var instants = from second in Gen.Choose(0, int.MaxValue) from ticks in Gen.Choose(0, 9_999_999)
            from offset in Gen.Choose(-14 * 60, 14 * 60) select (second, ticks, offset);
        Prop.ForAll(instants.ToArbitrary(), given =>
        {
            var instant = DateTimeOffset.FromUnixTimeSeconds(given.second).AddTicks(given.ticks);
            var local = instant.ToOffset(TimeSpan.FromMinutes(given.offset));
            string[] ways =
            [
                local.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture),
                local.ToString("yyyy-MM-dd HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture),
                instant.ToString("yyyy-MM-dd't'HH:mm:ss.fff'00000z'", CultureInfo.InvariantCulture),
                instant.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            ];
            return ways.All(way => Timestamps.TryParse(Encoding.ASCII.GetBytes(way), out var at) && at == instant.ToUnixTimeMilliseconds());
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("2016-12-31T23:59:60Z", 1_483_228_800_000)]
    [InlineData("2000-02-29T00:00:00-00:00", 951_782_400_000)]
    [InlineData("1969-12-31T23:59:59.999Z", -1)]
    [InlineData("9999-12-31T23:59:59.999999999Z", 253_402_300_799_999)]
    [InlineData("-5", -5)]
    public void Times_in_listed_formats_are_read(string text, long expected)
    {
        Assert.True(Timestamps.TryParse(Encoding.ASCII.GetBytes(text), out var at));
        Assert.Equal(expected, at);
    }

    [Theory]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T10:00Z")]
    [InlineData("2026-03-01T10:00:00")]
    [InlineData("2026-03-01T10:00:00.Z")]
    [InlineData("2026-03-01T10:00:00.1234567890Z")]
    [InlineData("2026-03-01T24:00:00Z")]
    [InlineData("2026-03-01T10:60:00Z")]
    [InlineData("2026-03-01T10:00:61Z")]
    [InlineData("2026-13-01T10:00:00Z")]
    [InlineData("2100-02-29T10:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("2026-03-01T10:00:00+0100")]
    [InlineData("2026-03-01T10:00:00+24:00")]
    [InlineData("2026-03-01T10:00:00Zx")]
    [InlineData("1772355600250x")]
    [InlineData("+1772355600250")]
    [InlineData("-")]
    [InlineData("Sun, 01 Mar 2026 10:00:00 GMT")]
    public void Times_in_other_formats_are_rejected(string text) => Assert.False(Timestamps.TryParse(Encoding.ASCII.GetBytes(text), out _));
}
