using Streaming.Members.Snapshots;

namespace Streaming.Members.Rewards.PointsAccount;

/// <summary>What a member keeps for the points ledger: lots by day, oldest first, and how often capped rules earned lately.</summary>
public struct PointsState
{
    /// <summary>The most lots; beyond, the two oldest become one with the later date. Enough for 13 months of earning every day.</summary>
    public const int MaxLots = 400;

    /// <summary>The most points a member can have; what is earned beyond is lost.</summary>
    public const long MaxBalance = 1_000_000_000_000_000;

    private const long Minute = 60_000;
    private const long Day = 86_400_000;

    private PointsLot[] lots;
    private int count;

    /// <summary>Points that can be spent.</summary>
    public long Balance { get; private set; }

    /// <summary>Points taken back that were spent already: the next earned repay them.
    /// Above 0 only while <see cref="Balance"/> is 0.</summary>
    public long Owed { get; private set; }

    /// <summary>The latest day whose lot has expired: earning for a day up to here goes
    /// to the next one, so that no lot expires twice.</summary>
    public int ClosedDay { get; private set; }

    /// <summary>When the oldest lot expires, epoch milliseconds, or <see cref="Member.Never"/>: asked after every event, mostly of members
    /// whose lots nothing else touches.</summary>
    public long NextExpiry { get; private set; }

    /// <summary>The lots, oldest first; neither days nor dates of expiry go down.</summary>
    public readonly ReadOnlySpan<PointsLot> Lots => lots.AsSpan(0, count);

    /// <summary>How often capped rules earned today and yesterday.</summary>
    internal DailyCounts Counts;

    /// <summary>What expired of the lots of days up to <see cref="ClosedDay"/>, as far as no refund came back for it.</summary>
    internal ExpiredPoints Expired;

    /// <summary>Makes it the state of a member nobody has heard of.</summary>
    public void Clear()
    {
        lots ??= [];
        count = 0;
        Balance = Owed = 0;
        ClosedDay = -1;
        NextExpiry = Member.Never;
        Counts.Clear();
        Expired.Clear();
    }

    /// <summary>Adds points to the lot of a day.</summary>
    /// <returns>False, and nothing changed, when there is none.</returns>
    internal bool TryAdd(int day, long points)
    {
        var at = After(day) - 1;
        if (at < 0 || lots[at].Day != day) return false;
        lots[at] = lots[at] with { Remaining = lots[at].Remaining + points };
        Balance += points;
        return true;
    }

    /// <summary>Adds a lot for a day later than <see cref="ClosedDay"/> that has none (<see cref="TryAdd"/>).</summary>
    /// <param name="expires">When they are to expire; the lots around a late one set bounds to it.</param>
    internal void Add(int day, long expires, long points)
    {
        Balance += points;
        var at = After(day);
        expires -= expires % Minute;
        if (at > 0) expires = Math.Max(expires, lots[at - 1].Expires);
        if (at < count) expires = Math.Min(expires, lots[at].Expires);
        if (count == MaxLots)
        {
            Expired.GiveUp(Math.Min(day, lots[0].Day)); // these have no lot of their own any more
            if (at == 0)
            {
                lots[0] = lots[0] with { Remaining = lots[0].Remaining + points };
                return;
            }

            lots[1] = lots[1] with { Remaining = lots[0].Remaining + lots[1].Remaining };
            RemoveFirst(1);
            at--;
        }

        if (count == lots.Length) Array.Resize(ref lots, Math.Clamp(count * 2, 2, MaxLots));
        Array.Copy(lots, at, lots, at + 1, count - at);
        lots[at] = new PointsLot(day, expires, points);
        count++;
        NextExpiry = lots[0].Expires;
    }

    /// <summary>Takes points from the oldest lots; at most <see cref="Balance"/>.</summary>
    internal void Take(long points)
    {
        Balance -= points;
        var empty = 0;
        while (points > 0)
        {
            var lot = lots[empty];
            var taken = Math.Min(points, lot.Remaining);
            points -= taken;
            if (taken == lot.Remaining) empty++;
            else lots[empty] = lot with { Remaining = lot.Remaining - taken };
        }

        RemoveFirst(empty);
    }

    /// <summary>Takes points that a refund takes back: from the lot of their day, what was spent of that from the oldest ones, and what is
    /// not there any more is owed.</summary>
    /// <param name="day">Local day of the lot that they went to.</param>
    /// <param name="points">How many; those of them that have expired are not taken.</param>
    /// <returns>How many have not expired.</returns>
    internal long TakeBack(int day, long points)
    {
        if (day <= ClosedDay) points -= Expired.Take(day, points);
        var at = After(day) - 1;
        var own = at >= 0 && lots[at].Day == day ? Math.Min(points, lots[at].Remaining) : 0;
        if (own > 0)
        {
            Balance -= own;
            lots[at] = lots[at] with { Remaining = lots[at].Remaining - own };
            if (lots[at].Remaining == 0) RemoveAt(at);
        }

        var there = Math.Min(points - own, Balance);
        Take(there);
        Owed += points - own - there;
        return points;
    }

    /// <summary>Repays what is owed.</summary>
    /// <returns>Points that are left over.</returns>
    internal long Repay(long points)
    {
        var repaid = Math.Min(points, Owed);
        Owed -= repaid;
        return points - repaid;
    }

    /// <summary>Points that can be spent at a moment: without those that have expired
    /// by then, though their wake is still to come.</summary>
    internal readonly long ToSpend(long at)
    {
        var points = Balance;
        foreach (ref readonly var lot in Lots)
        {
            if (lot.Expires > at) break;
            points -= lot.Remaining;
        }

        return points;
    }

    /// <summary>Removes the oldest lot, because it expired.</summary>
    internal PointsLot Expire()
    {
        var lot = lots[0];
        Balance -= lot.Remaining;
        ClosedDay = lot.Day;
        RemoveFirst(1);
        return lot;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        to.Signed(ClosedDay);
        to.Unsigned(((ulong)count << 1) | (Expired.IsEmpty ? 0 : 1UL));
        var before = default(PointsLot);
        for (var i = 0; i < count; i++)
        {
            // As many days between the ends as between the beginnings, mostly: a byte each.
            var days = lots[i].Day - before.Day;
            to.Signed(days);
            to.Signed((lots[i].Expires - before.Expires - (days * Day)) / Minute);
            to.Unsigned((ulong)lots[i].Remaining);
            before = lots[i];
        }

        Counts.Write(to);
        to.Unsigned((ulong)Owed);
        if (!Expired.IsEmpty) Expired.Write(to, ClosedDay);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        Clear();
        ClosedDay = (int)from.Signed();
        var length = from.Unsigned();
        var hasExpired = from.Format >= Member.FormatWithMovements && (length & 1) != 0;
        if (from.Format >= Member.FormatWithMovements) length >>= 1;
        if (length > MaxLots) throw new SnapshotException("more lots of points than there can be");
        if (lots.Length < (int)length) Array.Resize(ref lots, (int)length);
        var before = default(PointsLot);
        for (count = 0; count < (int)length; count++)
        {
            var days = (int)from.Signed();
            before = new PointsLot(before.Day + days, before.Expires + (days * Day) + (from.Signed() * Minute), (long)from.Unsigned());
            lots[count] = before;
            Balance += before.Remaining;
        }

        if (count > 0) NextExpiry = lots[0].Expires;
        Counts.Read(ref from);
        if (from.Format >= Member.FormatWithOrders) Owed = (long)from.Unsigned();
        if (hasExpired) Expired.Read(ref from, ClosedDay);
        else if (from.Format < Member.FormatWithMovements) Expired.GiveUp(ClosedDay);
    }

    // The position of the first lot of a later day.
    private readonly int After(int day)
    {
        var at = count;
        while (at > 0 && lots[at - 1].Day > day) at--;
        return at;
    }

    private void RemoveFirst(int many)
    {
        count -= many;
        Array.Copy(lots, many, lots, 0, count);
        SetNextExpiry();
    }

    private void RemoveAt(int lot)
    {
        Array.Copy(lots, lot + 1, lots, lot, --count - lot);
        SetNextExpiry();
    }

    private void SetNextExpiry() => NextExpiry = count == 0 ? Member.Never : lots[0].Expires;
}
