namespace Streaming.Members.Effects;

/// <summary>Where the core writes the effects of one input. Owned and reused by the caller; not thread-safe.</summary>
public sealed class EffectBuffer
{
    private readonly byte[] scratch = new byte[16 * 1024];
    private Effect[] items = new Effect[32];
    private int used;

    /// <summary>How many effects the input caused.</summary>
    public int Count { get; private set; }

    /// <summary>The effects in order. Valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<Effect> Items => items.AsSpan(0, Count);

    /// <summary>Forgets all effects and the texts made for them.</summary>
    public void Clear()
    {
        Count = 0;
        used = 0;
    }

    /// <summary>Adds an effect of <paramref name="member"/> and gives it the member's next sequence number.</summary>
    /// <returns>The effect, for its further fields. Valid until the next <c>Add</c>.</returns>
    public ref Effect Add(Member member, EffectKind kind, string rule, Text cause, long at)
    {
        if (Count == items.Length) Array.Resize(ref items, items.Length * 2);
        ref var effect = ref items[Count];
        effect = default;
        effect.Kind = kind;
        effect.Rule = rule;
        effect.Cause = cause;
        effect.At = at;
        effect.Sequence = ++member.Sequence;
        for (var i = 0; i < Count; i++)
        {
            ref var other = ref items[i];
            if (other.Kind == kind && other.Cause == cause && string.Equals(other.Rule, rule, StringComparison.Ordinal)) effect.Ordinal++;
        }

        Count++;
        return ref effect;
    }

    /// <summary>Copies bytes into the buffer's own room.</summary>
    public Text Copy(ReadOnlySpan<byte> bytes)
    {
        var at = Reserve(bytes.Length);
        bytes.CopyTo(scratch.AsSpan(at));
        return new Text(scratch, at, bytes.Length);
    }

    /// <summary>A cause made of a word and a number: <c>birthday/2026</c>.</summary>
    public Text Cause(ReadOnlySpan<byte> word, long number)
    {
        var at = Reserve(word.Length + 21);
        var to = scratch.AsSpan(at);
        word.CopyTo(to);
        to[word.Length] = (byte)'/';
        number.TryFormat(to[(word.Length + 1)..], out var digits, default, System.Globalization.CultureInfo.InvariantCulture);
        used = at + word.Length + 1 + digits;
        return new Text(scratch, at, used - at);
    }

    /// <summary>A cause made of a word and a text: <c>silence/e-17</c>.</summary>
    public Text Cause(ReadOnlySpan<byte> word, ReadOnlySpan<byte> text)
    {
        var at = Reserve(word.Length + 1 + text.Length);
        word.CopyTo(scratch.AsSpan(at));
        scratch[at + word.Length] = (byte)'/';
        text.CopyTo(scratch.AsSpan(at + word.Length + 1));
        return new Text(scratch, at, word.Length + 1 + text.Length);
    }

    private int Reserve(int length)
    {
        if (used + length > scratch.Length) throw new InvalidOperationException("One input made more cause texts than 16 KiB: a rule loops.");
        var at = used;
        used += length;
        return at;
    }
}
