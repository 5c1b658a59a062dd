using Streaming.Members.Profiles;
using Streaming.Members.Snapshots;

namespace Streaming.Members.CareActions;

/// <summary>What a member keeps for care actions.</summary>
public struct CareState
{
    /// <summary>The most past actions remembered for the weekly cap.</summary>
    public const int MaxSent = 16;

    private long[]? sent;
    private int sentCount;
    private byte[]? cause;
    private int causeLength;

    /// <summary>True once the first purchase was seen.</summary>
    public bool Purchased;

    /// <summary>When the thanks held back by quiet hours leave, epoch milliseconds, or <see cref="Member.Never"/>.</summary>
    public long ThanksDue;

    /// <summary>When the purchase that the held thanks are for was made, epoch milliseconds.</summary>
    public long ThanksSince;

    /// <summary>How often the thanks or the next greeting was held. It can be more than once, when the end of the hold falls into quiet
    /// hours again.</summary>
    public int ThanksHeld, GreetingHeld;

    /// <summary>When the next greeting is due, epoch milliseconds, or <see cref="Member.Never"/>.</summary>
    public long GreetingDue;

    /// <summary>The year of the birthday that <see cref="GreetingDue"/> is for.</summary>
    public int GreetingYear;

    /// <summary>The last year whose birthday was greeted or suppressed; 0 for none.</summary>
    public int GreetedYear;

    /// <summary>The birthday that <see cref="GreetingDue"/> was worked out from.</summary>
    internal Birthday Birthday;

    /// <summary>The purchase that the held thanks are for.</summary>
    internal Text ThanksCause
    {
        readonly get => causeLength == 0 ? default : new Text(cause!, 0, causeLength);
        set => Hold(value.Span);
    }

    /// <summary>How many actions left within the seven days before <paramref name="now"/>.</summary>
    public readonly int SentWithinWeek(long now)
    {
        var within = 0;
        for (var i = 0; i < sentCount; i++) within += sent![i] > now - Time.Week ? 1 : 0;
        return within;
    }

    /// <summary>Remembers that an action left, and forgets those of more than a week ago; of too many the oldest.</summary>
    internal void Sent(long now)
    {
        var kept = 0;
        for (var i = sentCount == MaxSent ? 1 : 0; i < sentCount; i++)
        {
            if (sent![i] > now - Time.Week) sent[kept++] = sent[i];
        }

        sentCount = kept;
        Add(now);
    }

    private void Add(long now)
    {
        if (sent is null || sentCount == sent.Length) Array.Resize(ref sent, sentCount + 4);
        sent[sentCount++] = now;
    }

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        sentCount = causeLength = 0;
        Purchased = false;
        ThanksDue = GreetingDue = Member.Never;
        ThanksSince = 0;
        ThanksHeld = GreetingHeld = 0;
        GreetingYear = GreetedYear = 0;
        Birthday = default;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        var held = ThanksDue != Member.Never;
        var greeting = GreetingDue != Member.Never;
        to.Byte((byte)((Purchased ? 1 : 0) | (held ? 2 : 0) | (greeting ? 4 : 0) | (GreetingHeld > 0 ? 8 : 0)));
        if (held)
        {
            to.Signed(ThanksDue);
            to.Signed(ThanksDue - ThanksSince);
            to.Unsigned((ulong)ThanksHeld);
            to.Bytes(ThanksCause.Span);
        }

        if (greeting)
        {
            to.Signed(GreetingDue);
            to.Unsigned((ulong)GreetingYear);
        }

        if (GreetingHeld > 0) to.Unsigned((ulong)GreetingHeld);

        to.Unsigned((ulong)GreetedYear);
        Birthday.Write(to);
        to.Byte((byte)sentCount);
        for (var i = 0; i < sentCount; i++) to.Signed(sent![i]);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        Clear();
        var flags = from.Byte();
        Purchased = (flags & 1) != 0;
        if ((flags & 2) != 0)
        {
            ThanksDue = from.Signed();
            (ThanksSince, ThanksHeld) = from.Format < 3 ? (ThanksDue, 1) : (ThanksDue - from.Signed(), (int)from.Unsigned());
            Hold(from.Bytes());
        }

        if ((flags & 4) != 0)
        {
            GreetingDue = from.Signed();
            GreetingYear = (int)from.Unsigned();
        }

        GreetingHeld = (flags & 8) != 0 ? (int)from.Unsigned() : 0;

        GreetedYear = (int)from.Unsigned();
        Birthday = Birthday.Read(ref from);
        var count = from.Byte();
        if (count > MaxSent) throw new SnapshotException("more past actions than there can be");
        for (var i = 0; i < count; i++) Add(from.Signed());
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > (cause?.Length ?? 0)) cause = new byte[bytes.Length];
        bytes.CopyTo(cause);
        causeLength = bytes.Length;
    }
}
