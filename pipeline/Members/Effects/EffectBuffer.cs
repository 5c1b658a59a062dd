using System.Globalization;
using Streaming.Members.Amounts;

namespace Streaming.Members.Effects;

/// <summary>Where the core writes the effects of one input. Owned and reused by the caller; not thread-safe.</summary>
public sealed class EffectBuffer
{
    private byte[] scratch = new byte[16 * 1024];
    private Effect[] items = new Effect[32];
    private int used;
    private int turn;

    /// <summary>How many effects the input caused.</summary>
    public int Count { get; private set; }

    /// <summary>The effects in order. Valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<Effect> Items => items.AsSpan(0, Count);

    /// <summary>Money that the last input moved: what was paid, or what came back; nothing for other inputs.</summary>
    public Money Moved { get; internal set; }

    /// <summary>Forgets all effects and the texts made for them.</summary>
    public void Clear()
    {
        Count = 0;
        used = 0;
        turn = 0;
    }

    /// <summary>A new input begins: ordinals count from 0 again, whatever the buffer already holds.</summary>
    internal void BeginTurn()
    {
        turn = Count;
        Moved = default;
    }

    /// <summary>The effects since then.</summary>
    internal ReadOnlySpan<Effect> OfTurn => items.AsSpan(turn, Count - turn);

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
        effect.Stage = member.Lifecycle.Stage;
        effect.Tier = member.Lifecycle.Tier;
        effect.Level = member.Growth.Level;
        effect.Sequence = ++member.Sequence;
        for (var i = turn; i < Count; i++)
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
    /// <param name="hex">True for a hash: 16 hex digits.</param>
    public Text Cause(ReadOnlySpan<byte> word, long number, bool hex = false)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var length, hex ? "x16" : default, CultureInfo.InvariantCulture);
        return Cause(word, default, digits[..length]);
    }

    /// <summary>A cause made of up to three parts; an empty middle one is left out with its slash.</summary>
    public Text Cause(ReadOnlySpan<byte> word, ReadOnlySpan<byte> middle, ReadOnlySpan<byte> text)
    {
        var length = word.Length + 1 + (middle.IsEmpty ? 0 : middle.Length + 1) + text.Length;
        var at = Reserve(length);
        var to = scratch.AsSpan(at, length);
        word.CopyTo(to);
        to[word.Length] = (byte)'/';
        if (!middle.IsEmpty)
        {
            middle.CopyTo(to[(word.Length + 1)..]);
            to[word.Length + 1 + middle.Length] = (byte)'/';
        }

        text.CopyTo(to[(length - text.Length)..]);
        return new Text(scratch, at, length);
    }

    private int Reserve(int length)
    {
        if (used + length > scratch.Length)
        {
            // Texts already handed out keep the old array; the new one starts empty.
            scratch = new byte[Math.Max(scratch.Length * 2, length)];
            used = 0;
        }

        var at = used;
        used += length;
        return at;
    }
}
