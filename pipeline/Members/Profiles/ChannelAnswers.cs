using System.Buffers.Binary;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Profiles;

/// <summary>Yes or no by channel, each with the time at which it was said; names of channels in any case. The answer with the latest time
/// counts; at the same time a no counts. So the same answers give the same result in any order.</summary>
/// <remarks>
/// Consent and reach are both stored in this form.
/// Room for <see cref="TextTable.MaxEntries"/> answers. However much was said, a refusal is never forgotten: one that finds no room is kept
/// by its time alone and speaks for every channel without an answer of its own; refusals then need no room. A yes that finds none is not
/// kept.
/// </remarks>
public struct ChannelAnswers
{
    private const int ValueLength = 1 + sizeof(long); // 1 for yes, then the time
    private const int HasEvery = 1, HasForgotten = 2, Flags = 4;

    private TextTable answers;
    private long every; // latest refusal of every channel, 0 for none; all of the answers are later
    private long forgotten; // latest refusal that found no room, 0 for none; later than the one of every channel

    /// <summary>The name that stands for every channel: <c>*</c>. It can be refused, not given.</summary>
    public static Text Every { get; } = Text.From("*");

    /// <summary>True when every channel is refused that has no answer of its own.</summary>
    public readonly bool RefusesOthers => every != 0 || forgotten != 0;

    /// <summary>True for yes, false for no, null when nothing was said.</summary>
    public readonly bool? To(ReadOnlySpan<byte> channel) => TryFind(channel, out var said) ? said.Given : RefusesOthers ? false : null;

    /// <summary>The answers of their own, by channel; allocates.</summary>
    public readonly IReadOnlyDictionary<string, bool> ToDictionary()
    {
        var all = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var answer in answers) all[System.Text.Encoding.UTF8.GetString(answer.Name)] = Said.Of(answer).Given;
        if (RefusesOthers) all["*"] = false;
        return all;
    }

    /// <summary>Keeps a refusal; one of <see cref="Every"/> withdraws every yes that is not later. Always taken.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="at">When it was said, epoch milliseconds, above 0.</param>
    internal void Refuse(ReadOnlySpan<byte> channel, long at)
    {
        if (at <= every) return;
        if (channel.SequenceEqual(Every.Span))
        {
            every = at;
            if (forgotten <= at) forgotten = 0;
            Keep(after: at, refusals: true);
            return;
        }

        if (TryFind(channel, out var said))
        {
            if (said.At > at || (said.At == at && !said.Given)) return;
            answers.Remove(said.Name);
        }

        if (forgotten == 0 && Set(channel, false, at)) return;
        forgotten = Math.Max(forgotten, at);
        foreach (var answer in answers)
        {
            if (Said.Of(answer) is { Given: false } no) forgotten = Math.Max(forgotten, no.At);
        }

        Keep(after: 0, refusals: false);
    }

    /// <summary>Keeps a yes, unless a refusal of the same time or a later one is known.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="at">When it was said, epoch milliseconds, above 0.</param>
    /// <returns>False, and what was said before stays, when there is no room.</returns>
    internal bool Give(ReadOnlySpan<byte> channel, long at)
    {
        if (channel.IsEmpty || channel.Length > TextTable.MaxText) return false;
        if (TryFind(channel, out var said))
        {
            if (said.At >= at) return true;
            answers.Remove(said.Name);
        }
        else if (at <= Math.Max(every, forgotten))
        {
            return true;
        }

        return Set(channel, true, at);
    }

    /// <summary>Forgets everything.</summary>
    internal void Clear()
    {
        answers.Clear();
        every = forgotten = 0;
    }

    /// <summary>Writes it into a snapshot: times as the distance to <paramref name="near"/>.</summary>
    internal readonly void Write(SnapshotWriter to, long near)
    {
        to.Unsigned((ulong)((answers.Count * Flags) + (every != 0 ? HasEvery : 0) + (forgotten != 0 ? HasForgotten : 0)));
        if (every != 0) to.Signed(near - every);
        if (forgotten != 0) to.Signed(near - forgotten);
        foreach (var answer in answers)
        {
            var said = Said.Of(answer);
            to.Bytes(answer.Name);
            to.Flag(said.Given);
            to.Signed(near - said.At);
        }
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    internal void Read(ref SnapshotReader from, long near)
    {
        Clear();
        var head = from.Unsigned();
        if (head / Flags > TextTable.MaxEntries) throw new SnapshotException("more answers of channels than this version keeps");
        if ((head & HasEvery) != 0) every = near - from.Signed();
        if ((head & HasForgotten) != 0) forgotten = near - from.Signed();
        for (var i = head / Flags; i > 0; i--)
        {
            var channel = from.Bytes();
            var given = from.Flag();
            if (!Set(channel, given, near - from.Signed())) throw new SnapshotException("an answer of a channel is damaged");
        }
    }

    /// <summary>Replaces it by what formats without times wrote. A refusal counts as said at <paramref name="last"/>, the member's latest
    /// time, a yes as said before anything: so no yes of then lifts a refusal of then.</summary>
    internal void ReadWithoutTimes(ref SnapshotReader from, bool refusesOthers, long last)
    {
        Clear();
        var before = default(TextTable);
        before.Read(ref from);
        last = Time.Within(last);
        if (refusesOthers) forgotten = last;
        foreach (var answer in before)
        {
            var given = answer.Value.SequenceEqual("1"u8);
            Set(answer.Name, given, given ? Time.Earliest : last);
        }
    }

    private bool Set(ReadOnlySpan<byte> channel, bool given, long at)
    {
        Span<byte> value = stackalloc byte[ValueLength];
        value[0] = given ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(value[1..], at);
        return answers.Set(channel, value);
    }

    // Forgets what is not later than a time, and every refusal unless they are to stay.
    private void Keep(long after, bool refusals)
    {
        while (RemoveOne(after, refusals))
        {
        }
    }

    private bool RemoveOne(long after, bool refusals)
    {
        foreach (var answer in answers)
        {
            var said = Said.Of(answer);
            if (said.At > after && (said.Given || refusals)) continue;
            answers.Remove(said.Name);
            return true;
        }

        return false;
    }

    private readonly bool TryFind(ReadOnlySpan<byte> channel, out Said said)
    {
        foreach (var answer in answers)
        {
            if (!Text.SameLetters(answer.Name, channel)) continue;
            said = Said.Of(answer);
            return true;
        }

        said = default;
        return false;
    }

    private readonly ref struct Said(ReadOnlySpan<byte> name, bool given, long at)
    {
        public ReadOnlySpan<byte> Name { get; } = name;

        public bool Given { get; } = given;

        public long At { get; } = at;

        public static Said Of(TextTable.Entry answer) =>
            new(answer.Name, answer.Value[0] == 1, BinaryPrimitives.ReadInt64LittleEndian(answer.Value[1..]));
    }
}
