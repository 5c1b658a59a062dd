using Streaming.Engine.Views;
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

    // Orders o-1 of 100 and o-2 of 40 on 2026-01-01 and -02, of which 120 points were spent and 20 expired; o-3 of 30 and 50 on two days;
    // of o-4 70 and of o-5 all came back before a payment; of o-6 60 and 15 with a refund of 90 between them. At day 388.
    private const string Format3 =
        "033280E0F0CFE86800000000000000001680E0F0CFE86880C09BE2F9010061E1FE6DC743607E0000CAB6AECCEB6896DE834300000002EA218EA76CAF007175AB" +
        "76326A533452000100000000000000000A80E0F0CFE868B65D083C7711BBF75040B7125047FA43643E0C040201A4D5AA04E0EE9E02060062DA91F39882746949" +
        "80C09BE2F901C0843D64D2AA9502904E904E000063DE63F89A42DC437BFFEFB25280B51828C338D56827FCEBDC91FF9FEAF3F50180EA30501E040476AA700E09" +
        "EEB82D8980B0F2B3E5680000D2AA95020080A0A586E668E0DC2A0076D834F6FE49FA5D9C00000000008090D8D8E66800005A6A0EAE556712B3E3FFDFF0CFE868" +
        "B0E32D0FD2AA9502904E904E0000C0CF2401E0A712FFEFB252058ACA69C95D38493FD500011F751C6479AAD944C17461CDD649736193BAB078A2C9638D743B7A" +
        "B40DD9A152018BDE7ED3AB242A84AD6861E97C0AABDEFEEB443BBFFA8DA42DEA87A6EAF20F88D3D32052678FACBFC17A94E837E9696F5450F141132EBF0FB1E1" +
        "18D6010078B367BD18EE02C78080BB92F066120CCCBF02060002F80504060480A0D5EDEE6680C09BE2F90198F6F186E2690C5655555555550140555555555555" +
        "1B40265305A3923A02400580D098C3816780A0A586E6682580B0F2B3E56830CEBF0203CAC50280AB401406003C04000F0000EB0101FCD38BDF0400010604B0B7" +
        "8F010100000008940300A09C011EE0A712D2AA9502950380B899290077809F49D2AA9502940380B89929A09C0178809F49D2AA95021680B89929001580B89929" +
        "00940380B89929A09C0164C0843DD2AA9502940380F0B252A09C013CC0CF24D2AA9502B50180E8A8FE79B817EF01";

    // Yes to App and no to sms on 2026-01-02, seen last on 2026-01-06.
    private const string Format4 =
        "040680D0D389F26600000000000000000480D0D389F26680C0CBC902009F46B44817B280DD80C0CBC90280C0CBC902808080CCFF6600018ACA69C95D" +
        "38493F000001EA218EA76CAF007100000000000000000C0301417070310301736D7330000180D0D389F266AA5B000000000000F03F00000000000000" +
        "0000000011809088C0EF6606010000000001FCD38BDF0400000000000000020100E8073480E0E5A40100";

    // No to every channel on 2026-01-02, yes to app on 2026-01-03, seen last on 2026-01-06.
    private const string Format4Refusing =
        "040680D0D389F26600000000000000000680D0D389F26680C0CBC90200EA7C4B9E2E969B1780C0CBC90280C0CBC902808080CCFF660001D500011F75" +
        "1C6479000002EA218EA76CAF00718ACA69C95D38493F000400000000000006030161707031000180D0D389F266AA5B000000000000F03F0000000000" +
        "00000000000011809088C0EF6606010000000001FCD38BDF0400000000000000030100E8073480A8CC7B003480B8992900";

    [Fact]
    public void Consent_of_format_4_is_read_as_no_at_the_latest_event_and_yes_before_all_events()
    {
        var life = new MemberTimeline();
        life.Member.Read(Convert.FromHexString(Format4));
        bool? To(string channel) => life.Member.Profile.Consent.To(System.Text.Encoding.UTF8.GetBytes(channel));
        void Says(double day, string channel, bool given) =>
            life.Happens(EventKind.Consent, MemberTimeline.Day(day), e => e.Consent.Add(new(Text.From(channel), given)));
        Assert.Equal((true, false, null), (To("app"), To("sms"), To("email")));
        Says(5, "sms", true);
        Assert.False(To("sms"));
        Says(5.1, "sms", true);
        Assert.True(To("sms"));
        Says(0.5, "app", false);
        Assert.False(To("app"));
        Assert.Equal(Member.Format, life.Bytes()[0]);

        life.Member.Read(Convert.FromHexString(Format4Refusing));
        Assert.Equal((true, false, false), (To("app"), To("sms"), To("email")));
        Says(5, "sms", true);
        Assert.False(To("sms"));
        Says(6, "sms", true);
        Assert.Equal((true, true, false), (To("app"), To("sms"), To("email")));
    }

    [Fact]
    public void A_snapshot_of_format_3_is_read_with_its_waiting_refunds()
    {
        var life = new MemberTimeline();
        life.Member.Read(Convert.FromHexString(Format3));
        Assert.Equal((11, 95, 25), (life.Member.Events, life.Member.Points.Balance, life.Member.Sequence));
        Assert.Equal(2_350_000, life.Member.Spending[0].Net);

        void Late(double day, EventKind kind, string order, decimal amount, long net, long points)
        {
            life.Apply(life.NewEvent(MemberTimeline.Day(day), kind, MemberTimeline.Of(order, amount), $"late-{order}-{day}"),
                MemberTimeline.Day(389));
            Assert.Equal((net, points), (life.Member.Spending[0].Net, life.Member.Points.Balance));
        }

        Late(383.5, EventKind.Paid, "o-4", 100, 2_650_000, 125);
        Late(384, EventKind.Paid, "o-5", 100, 2_650_000, 125);
        Late(385.5, EventKind.Paid, "o-5", 10, 2_750_000, 135);
        Late(386.5, EventKind.Paid, "o-6", 25, 2_750_000, 135); // of the 30 that wait
        Late(386.6, EventKind.Paid, "o-6", 25, 2_950_000, 155);
        Late(388.5, EventKind.Refunded, "o-3", 60, 2_350_000, 95);
        Late(388.6, EventKind.Cancelled, "o-1", 0, 1_350_000, 95); // what expired of that time is not told from what was spent
        Late(388.7, EventKind.Cancelled, "o-6", 0, 1_000_000, 60);
        Assert.Equal(0, life.Member.Points.Owed);
        Assert.Equal(Member.Format, life.Bytes()[0]);
    }

    [Fact]
    public void A_snapshot_of_format_1_is_read_without_last_events()
    {
        var life = new MemberTimeline();
        life.Member.Read(Convert.FromHexString(Format1));
        Assert.Equal((6, 154, 154), (life.Member.Events, life.Member.Points.Balance, life.Member.Growth.Growth));
        var view = MemberView.Of(life.Member, life.Rules, MemberTimeline.Day(3));
        Assert.Equal((32.45908890652851, "conversion", 129.5m), (view.Score, view.Stage, view.Purchases.Spent["CNY"]));
        Assert.Empty(view.LastEvents);

        life.Happens(EventKind.View, MemberTimeline.Day(4), id: "later");
        Assert.Equal(Member.Format, life.Bytes()[0]);
        Assert.Equal((1, EventKind.View), (life.Member.LastEvents.Count, life.Member.LastEvents[0].Kind));
    }

    [Fact]
    public void A_snapshot_of_format_2_is_read_and_takes_further_events()
    {
        var life = new MemberTimeline();
        life.Member.Read(Convert.FromHexString(Format2));
        Assert.Equal((11, 154, 15), (life.Member.Events, life.Member.Points.Balance, life.Member.Sequence));
        var view = MemberView.Of(life.Member, life.Rules, MemberTimeline.Day(62));
        Assert.Equal((3.7635891901293372, "recovered", "refund", 129.51m),
            (view.Score, view.Stage, view.Churn.Alert, view.Purchases.Spent["CNY"]));
        Assert.Equal(8, view.LastEvents.Count);

        life.Happens(EventKind.View, MemberTimeline.Day(63), id: "later");
        Assert.Equal(Member.Format, life.Bytes()[0]);
        Assert.Equal(12, life.Member.Events);
    }

    [Fact]
    public void Orders_before_format_3_are_unknown_and_their_events_are_refused()
    {
        var life = new MemberTimeline();
        life.Member.Read(Convert.FromHexString(Format2));
        var (spent, points) = (life.Member.Spending[0].Net, life.Member.Points.Balance);
        Assert.Equal(Verdict.TooLate, life.Apply(life.NewEvent(MemberTimeline.Day(2), EventKind.Paid, MemberTimeline.Of("o-1", 129.5m,
            "CNY")),
            MemberTimeline.Day(70)));
        Assert.Equal(Verdict.RefundExceedsPaid, life.At(70, EventKind.Refunded, MemberTimeline.Of("o-1", 129.5m, "CNY")));
        Assert.Equal((spent, points), (life.Member.Spending[0].Net, life.Member.Points.Balance));
        Assert.Equal(Verdict.Applied, life.At(71, EventKind.Paid, MemberTimeline.Of("o-2", 84, "CNY")));
        Assert.Equal((spent + 840_000, points + 10), (life.Member.Spending[0].Net, life.Member.Points.Balance));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Member.Format + 1)]
    public void An_unknown_snapshot_format_is_refused(int format)
    {
        var bytes = new MemberTimeline().Bytes();
        bytes[0] = (byte)format;
        var member = new Member();
        member.Reset("m-1"u8);
        Assert.Throws<Snapshots.SnapshotException>(() => member.Read(bytes));
    }
}
