using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Common.Http;

namespace Streaming.Integration.Tests.Ops;

/// <summary>Guessing becomes slow, is told of without flooding the log, and costs bounded memory.</summary>
public sealed class WrongKeysLaws
{
    [Fact]
    public void Each_wrong_key_waits_at_least_as_long_as_the_one_before_it_and_never_longer_than_the_limit() =>
        Prop.ForAll<PositiveInt>(tries =>
    {
        var (wrong, _, _) = Made();
        var before = TimeSpan.Zero;
        for (var i = 0; i < tries.Get; i++)
        {
            var hold = wrong.Note(IPAddress.Loopback);
            Assert.InRange(hold, before, WrongKeys.LongestHold);
            before = hold;
        }

        Assert.InRange(before, WrongKeys.ShortestHold, WrongKeys.LongestHold);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_address_fills_one_line_a_minute_at_most_and_no_try_is_lost_from_the_count() => Prop.ForAll<byte[]>(pauses =>
    {
        var (wrong, time, lines) = Made();
        foreach (var pause in pauses)
        {
            wrong.Note(IPAddress.Loopback);
            time.Now += TimeSpan.FromSeconds(pause % 30);
        }

        time.Now += TimeSpan.FromMinutes(2);
        wrong.Note(IPAddress.Loopback);
        Assert.InRange(lines.Count, 1, 2 + (pauses.Sum(p => p % 30) / 60));
        Assert.Equal(pauses.Length + 1, lines.Sum(line =>
            int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_number_of_addresses_takes_bounded_memory_and_the_busy_one_is_remembered()
    {
        var (wrong, time, _) = Made();
        for (var i = 0; i < 5 * WrongKeys.MostAddresses; i++)
        {
            wrong.Note(new IPAddress([10, 1, (byte)(i >> 8), (byte)i]));
            time.Now += TimeSpan.FromMilliseconds(1);
            wrong.Note(IPAddress.Loopback);
        }

        Assert.Equal(WrongKeys.MostAddresses, wrong.Addresses);
        Assert.Equal(WrongKeys.LongestHold, wrong.Note(IPAddress.Loopback));
    }

    [Fact]
    public void Who_has_one_IPv6_address_has_its_neighbours_too()
    {
        var (wrong, _, _) = Made();
        for (var i = 0; i < 20; i++) wrong.Note(IPAddress.Parse($"2001:db8::{i:x}"));
        Assert.Equal(1, wrong.Addresses);
    }

    [Fact]
    public void After_a_while_the_first_wait_is_short_again()
    {
        var (wrong, time, _) = Made();
        for (var i = 0; i < 10; i++) wrong.Note(IPAddress.Loopback);
        time.Now += TimeSpan.FromMinutes(11);
        Assert.Equal(WrongKeys.ShortestHold, wrong.Note(IPAddress.Loopback));
    }

    private static (WrongKeys Wrong, Clock Time, List<string> Lines) Made()
    {
        var (time, lines) = (new Clock(), new List<string>());
        return (new WrongKeys(lines.Add, time), time, lines);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
