using Streaming.Members.CareActions;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Deduplication;
using Streaming.Members.EventHistory;
using Streaming.Members.Lifecycles;
using Streaming.Members.Orders;
using Streaming.Members.Profiles;
using Streaming.Members.Rewards.Achievements;
using Streaming.Members.Rewards.CheckIns;
using Streaming.Members.Rewards.Growth;
using Streaming.Members.Rewards.PointsAccount;
using Streaming.Members.Scoring;
using Streaming.Members.Snapshots;

namespace Streaming.Members;

/// <summary>The whole state of one member, decoded. Plain mutable fields, reused from member to member by one owner thread.</summary>
public sealed class Member
{
    /// <summary>First byte of every snapshot: the format's version. Older ones are read for ever; 1 had no <see cref="LastEvents"/>, 2 no
    /// <see cref="Orders"/>, no <see cref="LastTold"/> and one alert at a time, 3 no <see cref="OrdersState.Movements"/>, 4 no times of
    /// consent and no reach.</summary>
    public const byte Format = 5;

    /// <summary>The first format with <see cref="Orders"/>, <see cref="Requests"/> and points owed.</summary>
    internal const byte FormatWithOrders = 3;

    /// <summary>The first format with <see cref="OrdersState.Movements"/>, <see cref="OrdersState.Days"/> and what
    /// expired of them.</summary>
    internal const byte FormatWithMovements = 4;

    /// <summary>The first format with the times of <see cref="ProfileState.Consent"/>, and <see cref="ProfileState.Reach"/>.</summary>
    internal const byte FormatWithConsentTimes = 5;

    /// <summary>The longest member id, in characters (Unicode code points).</summary>
    public const int MaxIdCharacters = 128;

    /// <summary>The longest member id in bytes of UTF-8: four for every character.</summary>
    public const int MaxIdBytes = 4 * MaxIdCharacters;

    /// <summary>No due time.</summary>
    public const long Never = long.MaxValue;

    private byte[] id = [];
    private int idLength;

    /// <summary>The member's id as its key on every topic.</summary>
    public Text Id => new(id, 0, idLength);

    /// <summary>Sequence number of the last effect; 0 before the first.</summary>
    public long Sequence;

    /// <summary>The member's own clock, epoch milliseconds: the latest <c>now</c> it was given. Never goes back.</summary>
    public long Now;

    /// <summary>Hash of the rules this state was last settled under.</summary>
    public ulong RulesVersion;

    /// <summary>Time of the member's first and latest event (<c>at</c>), epoch milliseconds; 0 before any.</summary>
    public long FirstSeen, LastSeen;

    /// <summary>Events applied, of any kind.</summary>
    public long Events;

    /// <summary>Time of the latest thing the member did itself (<see cref="Events.EventKinds.IsActivity"/>), epoch milliseconds; 0 before
    /// any. Silence counts from here.</summary>
    public long LastActive;

    /// <summary>Time of the first thing it did itself, epoch milliseconds; 0 before any.</summary>
    public long FirstActive;

    /// <summary>Time of the last change or alert, epoch milliseconds; 0 before any. No change or alert gets an earlier time.</summary>
    public long LastTold;

    /// <summary>Hash of the identity of the event of <see cref="LastActive"/>: identifies the present silence.</summary>
    public long LastActiveEvent;

    // One state per capability, inside this object and in the order of how often an event touches them: what most events need lies side by
    // side.
    /// <summary>Duplicate windows.</summary>
    public RecentState Recent;

    /// <summary>The engagement score.</summary>
    public ScoreState Score;

    /// <summary>Stage and tier.</summary>
    public LifecycleState Lifecycle;

    /// <summary>Growth value and level.</summary>
    public LevelsState Growth;

    /// <summary>The points ledger.</summary>
    public PointsState Points;

    /// <summary>Badges earned.</summary>
    public BadgesState Badges;

    /// <summary>Money spent.</summary>
    public SpendingState Spending;

    /// <summary>Orders remembered.</summary>
    public OrdersState Orders;

    /// <summary>Redemptions granted and adjustments made.</summary>
    public RequestsState Requests;

    /// <summary>Churn outlook and alert.</summary>
    public ChurnState Churn;

    /// <summary>Care actions asked for.</summary>
    public CareState Care;

    /// <summary>Declared facts.</summary>
    public ProfileState Profile;

    /// <summary>Check-in streak.</summary>
    public StreaksState Streak;

    /// <summary>Its last events, to be shown.</summary>
    public LastEventsState LastEvents;

    /// <summary>The member's pseudonym, cached by the host; zero until it is computed. Not part of the state: it is in no snapshot and no
    /// rule uses it.</summary>
    public UInt128 Pseudonym { get; set; }

    /// <summary>When this member must be looked at again, epoch milliseconds: the
    /// earliest of all its due times, or <see cref="Never"/>.</summary>
    public long Due { get; internal set; } = Never;

    /// <summary>When the next churn alert falls due, epoch milliseconds, or <see cref="Never"/>.</summary>
    public long AlertDue { get; internal set; } = Never;

    /// <summary>What dashboards count members by.</summary>
    public MemberFacets Facets => new(
        (byte)Lifecycle.Stage,
        (byte)Lifecycle.Tier,
        Growth.Level,
        Score.Bin,
        Churn.Alerts.Any ? MemberFacets.AlertRaised : AlertDue == Never ? MemberFacets.NoAlert : Time.DayOf(AlertDue));

    /// <summary>A new member without an id.</summary>
    public Member() => Reset(default);

    /// <summary>Makes this a new member with that id.</summary>
    public void Reset(ReadOnlySpan<byte> memberId)
    {
        if (id.Length < memberId.Length) id = new byte[(memberId.Length | 15) + 1];
        memberId.CopyTo(id);
        idLength = memberId.Length;
        Sequence = Now = FirstSeen = LastSeen = LastActive = FirstActive = LastTold = LastActiveEvent = Events = 0;
        RulesVersion = 0;
        Due = AlertDue = Never;
        Pseudonym = 0;
        Recent.Clear();
        Profile.Clear();
        Score.Clear();
        Spending.Clear();
        Orders.Clear();
        Requests.Clear();
        Churn.Clear();
        Lifecycle.Clear();
        Points.Clear();
        Growth.Clear();
        Streak.Clear();
        Badges.Clear();
        Care.Clear();
        LastEvents.Clear();
    }

    /// <summary>Writes the state (without the id: the store's key).</summary>
    public void Write(SnapshotWriter to)
    {
        to.Byte(Format);
        to.Signed(Sequence);
        to.Signed(Now);
        to.Fixed(RulesVersion);
        to.Signed(Events);
        to.Signed(LastSeen);
        to.Signed(LastSeen - FirstSeen);
        to.Signed(LastSeen - LastActive);
        if (LastActive != 0)
        {
            to.Fixed((ulong)LastActiveEvent);
            to.Signed(FirstActive - FirstSeen);
        }

        to.Signed(LastSeen - LastTold);
        to.Signed(Due == Never ? 0 : Due);
        to.Signed(AlertDue == Due ? 0 : AlertDue == Never ? -1 : AlertDue - Due);
        Recent.Write(to);
        Profile.Write(to, LastSeen);
        Score.Write(to);
        Spending.Write(to);
        OrderSnapshots.Write(Orders, to, LastSeen);
        Requests.Write(to);
        Churn.Write(to);
        Lifecycle.Write(to);
        Points.Write(to);
        Growth.Write(to);
        Streak.Write(to);
        Badges.Write(to);
        Care.Write(to);
        LastEvents.Write(to, LastSeen);
    }

    /// <summary>Replaces the state by a snapshot's; call <see cref="Reset"/> with the id first.</summary>
    /// <exception cref="SnapshotException">Damaged, or written by a newer program.</exception>
    public void Read(ReadOnlySpan<byte> snapshot)
    {
        var from = new SnapshotReader(snapshot);
        from.Format = from.Byte();
        if (from.Format is 0 or > Format) throw new SnapshotException("its format is not known to this version");
        Sequence = from.Signed();
        Now = from.Signed();
        RulesVersion = from.Fixed();
        Events = from.Signed();
        LastSeen = from.Signed();
        FirstSeen = LastSeen - from.Signed();
        LastActive = LastSeen - from.Signed();
        LastActiveEvent = LastActive == 0 ? 0 : (long)from.Fixed();
        if (LastActive != 0) FirstActive = from.Format < 3 ? FirstSeen : FirstSeen + from.Signed();
        if (from.Format >= 3) LastTold = LastSeen - from.Signed();
        Due = from.Signed();
        if (Due == 0) Due = Never;
        var alertAfterDue = from.Signed();
        AlertDue = alertAfterDue < 0 ? Never : Due + alertAfterDue;
        Recent.Read(ref from);
        Profile.Read(ref from, LastSeen);
        Score.Read(ref from);
        Spending.Read(ref from);
        ReadOrders(ref from);
        Churn.Read(ref from);
        Lifecycle.Read(ref from);
        Points.Read(ref from);
        Growth.Read(ref from);
        Streak.Read(ref from);
        Badges.Read(ref from);
        if (from.Format < 3) LastTold = Math.Max(Lifecycle.StageSince, Churn.Alerts.LatestAt);
        Care.Read(ref from);
        if (from.Format == 1) LastEvents.Clear();
        else LastEvents.Read(ref from, LastSeen);
        if (!from.AtEnd) throw new SnapshotException("bytes are left over");
    }

    // Earlier formats knew orders and requests by hashes of their last few. Orders and requests those formats may have forgotten are
    // refused as too late.
    private void ReadOrders(ref SnapshotReader from)
    {
        if (from.Format >= FormatWithOrders)
        {
            OrderSnapshots.Read(ref Orders, ref from, LastSeen);
            Requests.Read(ref from);
            return;
        }

        Orders.Clear();
        Requests.Clear();
        if (Spending.Paid + Spending.Refunded + Spending.Cancelled > 0) Orders.Forgotten = LastSeen;
        Requests.Forgotten = LastSeen;
    }
}

/// <summary>What populations are counted by: each is a small number, and a change of
/// one moves the member from a bucket to another.</summary>
/// <param name="Stage">Lifecycle stage number; 0 before the first event.</param>
/// <param name="Tier">Tier number.</param>
/// <param name="Level">Level number by growth value.</param>
/// <param name="ScoreBin">Quarter-octave bin of log2(score) + t/half-life, which ages
/// by itself; <see cref="int.MinValue"/> for no score.</param>
/// <param name="AlertDay">Day (days since 1970-01-01 UTC) on which the next churn alert falls
/// due; −1 when none is pending; −2 while one is raised.</param>
public readonly record struct MemberFacets(byte Stage, byte Tier, byte Level, int ScoreBin, int AlertDay)
{
    /// <summary><see cref="AlertDay"/> when none is pending.</summary>
    public const int NoAlert = -1;

    /// <summary><see cref="AlertDay"/> while one is raised.</summary>
    public const int AlertRaised = -2;
}
