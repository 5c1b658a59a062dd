using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Values;
using Streaming.Replay.Writing;

namespace Streaming.Pipeline.Tests.Replay;

public class ReplayValueTests
{
    [Fact]
    public void The_product_of_two_columns_is_exact()
    {
        Prop.ForAll(Gen.Choose(-1_000_000, 1_000_000).ToArbitrary(), Gen.Choose(0, 100_000_000).ToArbitrary(), (quantity, price) =>
        {
            var amount = new AmountReader(new AmountRule { Product = ["q", "p"], Abs = ["q"] }, new NumberReader(new NumberStyle()),
                LineAmount.Sum);
            var product = amount.Of([Row(("q", quantity.ToString(CultureInfo.InvariantCulture)),
                ("p", $"{price / 1000}.{price % 1000:D3}"))]);
            return decimal.Parse(product!, CultureInfo.InvariantCulture) * 1000 == Math.Abs((long)quantity) * (long)price;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("12x")]
    [InlineData("1,5")]
    [InlineData("1e40")]
    [InlineData("1e-29")]
    [InlineData("0x10")]
    [InlineData("1..5")]
    [InlineData(".")]
    [InlineData("--5")]
    [InlineData("12345678901234567890123456789")]
    public void An_inexact_number_is_rejected_by_the_decoder(string factor)
    {
        var amount = new AmountReader(new AmountRule { Product = ["p"] }, new NumberReader(new NumberStyle()), LineAmount.Sum)
            .Of([Row(("p", factor))]);
        Assert.StartsWith("not a number: ", amount, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".", "", "1e3", "1000")]
    [InlineData(".", "", "2.55E-1", "0.255")]
    [InlineData(".", "", "€ 12.50", "12.5")]
    [InlineData(".", "", "12.50€", "12.5")]
    [InlineData(".", "", "-$3.00", "-3")]
    [InlineData(".", "", "$-3", "-3")]
    [InlineData(".", "", "(3.10)", "-3.1")]
    [InlineData(".", "", "\u22123", "-3")]
    [InlineData(".", "", "3-", "-3")]
    [InlineData(",", ".", "1.234.567,89", "1234567.89")]
    [InlineData(",", " ", "1\u00A0234,5\u202F€", "1234.5")]
    [InlineData(".", ",", "12,34,567.5", "1234567.5")]
    [InlineData(".", "'", "1’234.5", "1234.5")]
    [InlineData(",", "", "0,30", "0.3")]
    [InlineData(",", ".", "1.5", null)]
    [InlineData(".", ",", "1,5", null)]
    [InlineData(".", ",", "1,234,56", null)]
    [InlineData(".", ",", ",123", null)]
    [InlineData(".", ",", "1234,567", null)]
    public void Numbers_are_read_in_the_number_format_of_the_mapping(string point, string group, string text, string? expected)
    {
        var read = new NumberReader(new NumberStyle { Decimal = point, Group = group }).Read(text);
        Assert.Equal(expected is null ? null : decimal.Parse(expected, CultureInfo.InvariantCulture), read?.Value);
    }

    [Fact]
    public void Every_amount_comes_back_from_every_way_of_writing_it()
    {
        Prop.ForAll(Gen.Choose(-100_000_000, 100_000_000).ToArbitrary(),
            Gen.Elements((".", ","), (",", "."), (",", " "), (".", "'")).ToArbitrary(), (cents, style) =>
        {
            var number = new NumberFormatInfo { NumberDecimalSeparator = style.Item1, NumberGroupSeparator = style.Item2 };
            var text = (cents / 100m).ToString("N2", number);
            return new NumberReader(new NumberStyle { Decimal = style.Item1, Group = style.Item2 })
                .Read($"{text} €")?.Value == cents / 100m;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Currency_marks_are_removed_only_at_the_ends_of_a_number()
    {
        var reader = new NumberReader(new NumberStyle { Marks = ["EUR", "kr", "US$"] });
        Assert.Equal([12.5m, 12.5m, 3m, null, null], new[] { "EUR 12.50", "12.50 kr", "US$3", "12 SEK", "EUR" }
            .Select(text => reader.Read(text)?.Value));
    }

    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss", "UTC", "2014-01-07 00:00:15", 1_389_052_815_000)]
    [InlineData("yyyy-MM-dd HH:mm:ss", "Europe/London", "2011-07-01 09:41:00", 1_309_509_660_000)]
    [InlineData("yyyy-MM-dd HH:mm:ss", "Europe/Berlin", "2010-10-31 02:30:00", 1_288_485_000_000)]
    [InlineData("M/d/yyyy H:mm", "UTC", "1/7/2014 0:00", 1_389_052_800_000)]
    [InlineData("dd/MMM/yyyy:HH:mm:ss zzz", "UTC", "01/Jul/1995:00:00:01 -04:00", 804_571_201_000)]
    [InlineData("rfc3339", "UTC", "2010-01-04T10:25:00Z", 1_262_600_700_000)]
    [InlineData("epoch-seconds", "UTC", "1262600700.5", 1_262_600_700_500)]
    [InlineData("epoch-milliseconds", "UTC", "1262600700500", 1_262_600_700_500)]
    [InlineData("epoch-milliseconds", "UTC", "1262600700500.75", 1_262_600_700_500)]
    [InlineData("epoch-microseconds", "UTC", "1262600700500999", 1_262_600_700_500)]
    [InlineData("excel-serial", "UTC", "40182.43402777778", 1_262_600_700_000)]
    [InlineData("excel-serial", "Europe/Berlin", "40182.5", 1_262_602_800_000)]
    [InlineData("rfc3339", "Europe/Berlin", "2010-01-04 11:25", 1_262_600_700_000)]
    [InlineData("rfc3339", "Europe/Berlin", "2010-01-04T11:25:00.123456789", 1_262_600_700_123)]
    [InlineData("rfc3339", "Europe/Berlin", "2010-01-04T10:25:00Z", 1_262_600_700_000)]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "Europe/Berlin", "2010-01-04 11:25:00", 1_262_600_700_000)]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "Europe/Berlin", "2010-01-04 10:25:00Z", 1_262_600_700_000)]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "Europe/Berlin", "2010-01-04 05:25:00-05:00", 1_262_600_700_000)]
    [InlineData("M/d/yy, h:mm tt", "UTC", "1/4/10,\u202F10:25\u202FAM", 1_262_600_700_000)]
    [InlineData("M/d/yy, h:mm tt", "UTC", "\u200E1/4/10, 10:25 AM", 1_262_600_700_000)]
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
    [InlineData("epoch-milliseconds", "1.5.0")]
    [InlineData("yyyy-MM-dd zzz", "2014-01-01")]
    [InlineData("yyyyMMddHHmm", "202402301200")]
    [InlineData("rfc3339", "202402301200")]
    [InlineData("rfc3339", "1262600700500")]
    [InlineData("rfc3339", "2024-02-30T12:00:00Z")]
    [InlineData("rfc3339", "2024-02-30 12:00")]
    [InlineData("epoch-seconds", "1.7e9")]
    [InlineData("epoch-seconds", "99999999999999999999")]
    [InlineData("excel-serial", "60")]
    [InlineData("excel-serial", "-5")]
    [InlineData("excel-serial", "NaN")]
    [InlineData("excel-serial", "1e9")]
    public void A_text_that_is_no_time_is_rejected(string format, string text) =>
        Assert.False(new TimeFormat(new TimeColumn { Column = "x", Format = format }).TryRead(text, out _));

    [Theory]
    [InlineData("d MMM yyyy", "3 janv. 2024", "2024-01-03")]
    [InlineData("d MMM yyyy", "3 Janvier 2024", "2024-01-03")]
    [InlineData("d MMMM yyyy", "14 AOÛT 2024", "2024-08-14")]
    [InlineData("d MMMM yyyy", "14 mai 2024", "2024-05-14")]
    [InlineData("dddd d MMMM yyyy", "mardi 12 mars 2024", "2024-03-12")]
    public void Names_of_months_and_days_are_read_in_the_files_own_language(string format, string text, string day)
    {
        var time = new TimeFormat(new TimeColumn
        {
            Column = "x",
            Format = format,
            Months = ["janv.|janvier", "févr.|février", "mars", "avr.|avril", "mai", "juin", "juil.|juillet", "août", "sept.|septembre",
                "oct.|octobre", "nov.|novembre", "déc.|décembre"],
            Days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        });
        Assert.True(time.TryRead(text, out var at));
        Assert.Equal(day, DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Halves_of_the_day_and_months_without_letters_are_read_too()
    {
        var months = Enumerable.Range(1, 12).Select(month => $"{month}月").ToArray();
        var time = new TimeFormat(new TimeColumn { Column = "x", Format = "yyyy年MMMd日 tth:mm", Months = months, Halves = ["上午", "下午"] });
        Assert.True(time.TryRead("2024年12月3日 下午9:05", out var at));
        Assert.Equal("2024-12-03 21:05", DateTimeOffset.FromUnixTimeMilliseconds(at)
            .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Every_minute_comes_back_from_every_format_that_has_it()
    {
        string[] formats = ["yyyy-MM-dd HH:mm", "dd.MM.yyyy HH:mm", "M/d/yyyy h:mm tt", "yyyyMMddHHmm", "d MMM yyyy HH:mm", "rfc3339",
            "epoch-seconds", "epoch-milliseconds", "epoch-microseconds"];
        Prop.ForAll(Gen.Choose(0, 30_000_000).ToArbitrary(), Gen.Elements(formats).ToArbitrary(), (minute, format) =>
        {
            var at = 946_684_800_000 + (minute * 60_000L);
            var instant = DateTimeOffset.FromUnixTimeMilliseconds(at);
            var text = format switch
            {
                "rfc3339" => instant.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
                "epoch-seconds" => (at / 1000).ToString(CultureInfo.InvariantCulture),
                "epoch-milliseconds" => at.ToString(CultureInfo.InvariantCulture),
                "epoch-microseconds" => (at * 1000).ToString(CultureInfo.InvariantCulture),
                _ => instant.ToString(format, CultureInfo.InvariantCulture),
            };
            return new TimeFormat(new TimeColumn { Column = "x", Format = format }).TryRead(text, out var read) && read == at;
        }).QuickCheckThrowOnFailure();
    }

    private static Row Row(params (string Column, string Value)[] values) =>
        new(values.Select((pair, i) => (pair.Column, i)).ToDictionary(pair => pair.Column, pair => pair.i), new HashSet<string>(), "file",
            [.. values.Select(pair => pair.Value)], 1, 2);
}
