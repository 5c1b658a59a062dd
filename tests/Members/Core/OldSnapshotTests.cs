using Streaming.Members.Events;

namespace Streaming.Members.Tests;

/// <summary>Snapshots that earlier versions wrote are read for ever: here as those versions wrote them.</summary>
public class OldSnapshotTests
{
    // Joined, viewed, checked in, paid 129.50 CNY, reviewed with 5 and was appreciated, from 2026-01-01 to 2026-01-03.
    private const string Format1 =
        "01108080BB92F06600000000000000000C80C8A1E9EF6680A8CC7B00E94D243FA1CE73B180CABFC3EF6680AE8EE80D028ACA69C95D38493FD500011F751C6479" +
        "0175AB76326A53345201AAD944C17461CDD601EA218EA76CAF007101C9638D743B7AB40D01DE3E204EDFB0E10600010D417369612F5368616E67686169021DC8" +
        "0F00000000001F8080BB92F066D05B4DCEEAF8E3EA0540B6D8F6DEAD08334084BC28C9B1371F400689081F4E1D1240000000000000F03F02000001B2B99A04B0" +
        "8A9E0102CEBF020100809088C0EF660080F39084AA6704CDCCCCCCCCCCE43F0CD7A3703D0AA73FB91E85EB51B8E63F00000014809088C0EF66060102CCBF02C0" +
        "A340050200950102F2E9E39B04CCBF020100F0E8AADF01CEBF0201009A0101FCD38BDF040101CCBF02000000010E0198854F010780CABFC3EF660D7075726368" +
        "617365732F652D3480F4CA9F9467EA0F00021DC80F00";

    // Joined, active, bought, complained, was refunded and appreciated from 2026-01-01 on; alerted and dormant by silence; back and
    // refunded again on 2026-03-04.
    private const string Format2 =
        "021E80C0A7E2966700000000000000001680C0A7E2966780A0D2F42780F0B2527C0BF73E7BF4CB86809AF9C0956780C6DF8F05038ACA69C95D38493FD500011F" +
        "751C6479678FACBFC17A94E80475AB76326A5334527C0AABDEFEEB443BBFFA8DA42DEA87A637E9696F5450F14102AAD944C17461CDD6C9638D743B7AB40D01EA" +
        "218EA76CAF007101AB242A84AD6861E9042619568AF2F059951453ECF7BC2A6CDA92E469AA6328A33B13187884F113C3AF00010D417369612F5368616E676861" +
        "69021DC80F00000000001F80D0F48F9667DA5B6CEC739F9763F23F810621BB86200140ACD35A999FE8DA3FC6D34947763ACF3FC7C1474D4446AC3F04040001B2" +
        "B99A04F88B9E0104CEBF02020002809088C0EF6680D8898C01AC98CBA48E670A34333333333328405C8FC2F528D8A44045B6F3FDD478F33F05AC98CBA48E6780" +
        "C0A7E296671E1880D0F48F9667060102CCBF02C0A340050200950102F2E9E39B04CCBF020100F0E8AADF01CEBF0201009A0101FCD38BDF040101CCBF02000000" +
        "010E02808D4F0107809AF9C095670D7075726368617365732F652D34809AF9C09567EA0F00021DC80F000895020000A006D99C8D020180B89929E80795028088" +
        "E2DD1200E807D99C8D02940280AC8F04A09C01D00FD99C8D024680D89E08E8072680DCCC1400A40580DCCC14C03E2805940380DCCC14A09C018202B08A9E01D9" +
        "9C8D02";

    [Fact]
    public void Format_1_is_read_has_no_last_events_and_goes_on()
    {
        var life = new Chronicle();
        life.Member.Read(Convert.FromHexString(Format1));
        Assert.Equal((6, 154, 154), (life.Member.Events, life.Member.Points.Balance, life.Member.Growth.Growth));
        var view = MemberView.Of(life.Member, life.Rules, Chronicle.Day(3));
        Assert.Equal((32.45908890652851, "conversion", 129.5m), (view.Score, view.Stage, view.Purchases.Spent["CNY"]));
        Assert.Empty(view.LastEvents);

        life.Happens(EventKind.View, Chronicle.Day(4), id: "later");
        Assert.Equal(Member.Format, life.Bytes()[0]);
        Assert.Equal((1, EventKind.View), (life.Member.LastEvents.Count, life.Member.LastEvents[0].Kind));
    }

    [Fact]
    public void Format_2_is_read_and_goes_on()
    {
        var life = new Chronicle();
        life.Member.Read(Convert.FromHexString(Format2));
        Assert.Equal((11, 154, 15), (life.Member.Events, life.Member.Points.Balance, life.Member.Sequence));
        var view = MemberView.Of(life.Member, life.Rules, Chronicle.Day(62));
        Assert.Equal((3.7635891901293372, "recovered", "refund", 129.51m),
            (view.Score, view.Stage, view.Churn.Alert, view.Purchases.Spent["CNY"]));
        Assert.Equal(8, view.LastEvents.Count);

        life.Happens(EventKind.View, Chronicle.Day(63), id: "later");
        Assert.Equal(Member.Format, life.Bytes()[0]);
        Assert.Equal(12, life.Member.Events);
    }

    [Fact]
    public void Orders_of_before_are_not_known_and_nothing_of_that_time_counts_again()
    {
        var life = new Chronicle();
        life.Member.Read(Convert.FromHexString(Format2));
        var (spent, points) = (life.Member.Spending[0].Net, life.Member.Points.Balance);
        Assert.Equal(Verdict.TooLate, life.Apply(life.NewEvent(Chronicle.Day(2), EventKind.Paid, Chronicle.Of("o-1", 129.5m, "CNY")),
            Chronicle.Day(70)));
        Assert.Equal(Verdict.RefundExceedsPaid, life.At(70, EventKind.Refunded, Chronicle.Of("o-1", 129.5m, "CNY")));
        Assert.Equal((spent, points), (life.Member.Spending[0].Net, life.Member.Points.Balance));
        Assert.Equal(Verdict.Applied, life.At(71, EventKind.Paid, Chronicle.Of("o-2", 84, "CNY")));
        Assert.Equal((spent + 840_000, points + 10), (life.Member.Spending[0].Net, life.Member.Points.Balance));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Member.Format + 1)]
    public void A_format_of_no_or_a_later_version_is_refused(int format)
    {
        var bytes = new Chronicle().Bytes();
        bytes[0] = (byte)format;
        var member = new Member();
        member.Reset("m-1"u8);
        Assert.Throws<Snapshots.SnapshotException>(() => member.Read(bytes));
    }
}
