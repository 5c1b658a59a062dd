using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Common.Http;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Ops;

/// <summary>Wrong keys are answered slowly, are logged at a bounded rate, and need bounded memory.</summary>
public sealed class WrongKeysLaws
{
    [Fact]
    public void The_delay_after_wrong_keys_never_falls_and_stays_below_its_limit() =>
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
    public void Wrong_keys_are_logged_at_most_once_a_minute_per_address_and_all_are_counted() => Prop.ForAll<byte[]>(pauses =>
    {
        var (wrong, time, lines) = Made();
        foreach (var pause in pauses)
        {
            wrong.Note(IPAddress.Loopback);
            time.Pass(TimeSpan.FromSeconds(pause % 30));
        }

        time.Pass(TimeSpan.FromMinutes(2));
        wrong.Note(IPAddress.Loopback);
        Assert.InRange(lines.Count, 1, 2 + (pauses.Sum(p => p % 30) / 60));
        Assert.Equal(pauses.Length + 1, lines.Sum(line =>
            int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_number_of_remembered_addresses_is_bounded_and_a_busy_one_is_kept()
    {
        var (wrong, time, _) = Made();
        for (var i = 0; i < 5 * WrongKeys.MostAddresses; i++)
        {
            wrong.Note(new IPAddress([10, 1, (byte)(i >> 8), (byte)i]));
            time.Pass(TimeSpan.FromMilliseconds(1));
            wrong.Note(IPAddress.Loopback);
        }

        Assert.Equal(WrongKeys.MostAddresses, wrong.Addresses);
        Assert.Equal(WrongKeys.LongestHold, wrong.Note(IPAddress.Loopback));
    }

    [Fact]
    public void IPv6_addresses_of_one_network_count_as_one()
    {
        var (wrong, _, _) = Made();
        for (var i = 0; i < 20; i++) wrong.Note(IPAddress.Parse($"2001:db8::{i:x}"));
        Assert.Equal(1, wrong.Addresses);
    }

    [Fact]
    public void The_delay_is_reset_after_a_quiet_time()
    {
        var (wrong, time, _) = Made();
        for (var i = 0; i < 10; i++) wrong.Note(IPAddress.Loopback);
        time.Pass(TimeSpan.FromMinutes(11));
        Assert.Equal(WrongKeys.ShortestHold, wrong.Note(IPAddress.Loopback));
    }

    private static (WrongKeys Wrong, ManualClock Time, List<string> Lines) Made()
    {
        var (time, lines) = (new ManualClock(), new List<string>());
        return (new WrongKeys(lines.Add, time), time, lines);
    }
}
