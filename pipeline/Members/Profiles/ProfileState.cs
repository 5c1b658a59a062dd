using System.Text;
using Streaming.Members.Events;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Profiles;

/// <summary>What a member keeps for declared facts: birthday, zone, consent, channels, attributes.</summary>
public struct ProfileState
{
    /// <summary>The most channels, in order or with consent.</summary>
    public const int MaxChannels = TextTable.MaxEntries;

    private byte[]? referrer; // most were not brought by anybody
    private int referrerLength;

    /// <summary>The member's time zone: the one it declared, else that of the rules.</summary>
    public Zone Zone;

    /// <summary>True once a known zone was declared.</summary>
    public bool HasZone;

    /// <summary>The day to greet on; none until declared.</summary>
    public Birthday Birthday;

    /// <summary>True once a joined event was seen.</summary>
    public bool Joined;

    /// <summary>True from a left event to the next joined.</summary>
    public bool Left;

    /// <summary>Facts that were left out: an unknown zone, an attribute or channel too many or too long.</summary>
    public long FactsLeftOut;

    /// <summary>All warnings about its facts so far.</summary>
    public FactWarnings Warnings;

    /// <summary>Channels in the member's order of preference; values are empty.</summary>
    public TextTable Channels;

    /// <summary>Consent by channel.</summary>
    public ChannelAnswers Consent;

    /// <summary>By channel whether the member can be reached there: false where it blocked or unfollowed the sender, or messages bounced.
    /// Says nothing about consent, and lifts no refusal of it.</summary>
    public ChannelAnswers Reach;

    /// <summary>Declared attributes.</summary>
    public TextTable Attributes;

    /// <summary>The member that referred this one, or empty. Set at the first joined event.</summary>
    public Text Referrer
    {
        readonly get => referrerLength == 0 ? default : new Text(referrer!, 0, referrerLength);
        internal set => Set(value.Span);
    }

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        Zone = Zones.Utc;
        Birthday = default;
        Joined = Left = HasZone = false;
        FactsLeftOut = 0;
        Warnings = FactWarnings.None;
        referrerLength = 0;
        Channels.Clear();
        Consent.Clear();
        Reach.Clear();
        Attributes.Clear();
    }

    /// <summary>True when a channel may be written to.</summary>
    /// <param name="channel">Its name, in any case.</param>
    /// <param name="unasked">Whether it may where nothing was said about it.</param>
    public readonly bool Allows(ReadOnlySpan<byte> channel, bool unasked) =>
        Reach.To(channel) != false && (Consent.To(channel) ?? unasked);

    /// <summary>Writes it into a snapshot.</summary>
    /// <param name="to">The snapshot.</param>
    /// <param name="near">A time near its times, epoch milliseconds.</param>
    public readonly void Write(SnapshotWriter to, long near)
    {
        to.Byte((byte)((Joined ? 1 : 0) | (Left ? 2 : 0) | (HasZone ? 8 : 0)));
        to.Bytes(Zone.Name);
        Birthday.Write(to);
        to.Unsigned((ulong)FactsLeftOut);
        to.Unsigned((ulong)Warnings);
        to.Bytes(Referrer.Span);
        Channels.Write(to);
        Consent.Write(to, near);
        Reach.Write(to, near);
        Attributes.Write(to);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from, long near)
    {
        var flags = from.Byte();
        Joined = (flags & 1) != 0;
        Left = (flags & 2) != 0;
        var zone = from.Bytes();
        HasZone = from.Format < 3 ? !zone.IsEmpty : (flags & 8) != 0;
        Zone = zone.IsEmpty ? Zones.Utc : Zones.Find(zone) ?? throw new SnapshotException(
            $"the time zone {Encoding.UTF8.GetString(zone)} is not in {Zones.Version}");
        Birthday = Birthday.Read(ref from);
        FactsLeftOut = (long)from.Unsigned();
        Warnings = from.Format >= 3 ? (FactWarnings)from.Unsigned() : FactWarnings.None;
        var by = from.Bytes();
        if (by.Length > Member.MaxIdBytes) throw new SnapshotException("a referrer's id is too long");
        Set(by);
        Channels.Read(ref from);
        if (from.Format >= Member.FormatWithConsentTimes)
        {
            Consent.Read(ref from, near);
            Reach.Read(ref from, near);
        }
        else
        {
            Consent.ReadWithoutTimes(ref from, refusesOthers: (flags & 4) != 0, near);
            Reach.Clear();
        }

        Attributes.Read(ref from);
    }

    private void Set(ReadOnlySpan<byte> by)
    {
        if (by.Length > (referrer?.Length ?? 0)) referrer = new byte[by.Length];
        by.CopyTo(referrer);
        referrerLength = by.Length;
    }
}
