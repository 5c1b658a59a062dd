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
