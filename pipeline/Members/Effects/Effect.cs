using System.Runtime.CompilerServices;
using Streaming.Members.Amounts;
using Streaming.Members.Lifecycles;

namespace Streaming.Members.Effects;

/// <summary>One effect with its reasons. A plain struct in a reused buffer: nothing is allocated per effect.</summary>
public struct Effect
{
    /// <summary>What it is.</summary>
    public EffectKind Kind;

    /// <summary>Stable name of the rule that asked for it: its group in the rules file, then its own name:
    /// <c>lifecycle.engagement</c>.</summary>
    public string Rule;

    /// <summary>Identity of the event that caused it (topic, source if any, id: <c>purchases/p-17</c>), or the period of a wake:
    /// <c>birthday/2026</c>, <c>silence/&lt;hash&gt;</c>. Never a due time. For a change caused by changed rules:
    /// <c>rules/&lt;version&gt;</c>.</summary>
    public Text Cause;

    /// <summary>Tells effects of the same kind, rule and cause apart; 0 for the first.</summary>
    public int Ordinal;

    /// <summary>Position among all effects of this member, from 1, without gaps.</summary>
    public long Sequence;

    /// <summary>When it happened in the member's life, epoch milliseconds: the event's time, or the due time of a wake; of a change or an
    /// alert never before the last one (<see cref="Turn.Moment"/>).</summary>
    public long At;

    /// <summary>For what is held: until when, epoch milliseconds; else 0.</summary>
    public long Until;

    /// <summary>The member's stage, tier and level number after this effect.</summary>
    public Stage Stage;

    /// <inheritdoc cref="Stage"/>
    public Tier Tier;

    /// <inheritdoc cref="Stage"/>
    public byte Level;

    /// <summary>Points added (or taken, negative); for other kinds 0.</summary>
    public long Points;

    /// <summary>Balance (points less those owed: the sum of the ledger), streak length or level number after the effect; of an alert the
    /// severity, 1 to 3; of a cleared alert the <see cref="Sequence"/> of the effect that raised it.</summary>
    public long Value;

    /// <summary>What was before (stage, tier, level name), or null.</summary>
    public string? From;

    /// <summary>What is now (stage, tier, level, badge, action name), the currency of an order's points, or null.</summary>
    public string? To;

    /// <summary>Why it was suppressed, rejected or cleared: a stable word, or null.</summary>
    public string? Reason;

    /// <summary>The other member (tell), referrer (joined), request (redeem, also rejected or repeated), approver (adjust), channel (care)
    /// or empty.</summary>
    public Text Subject;

    /// <summary>The gift (redeem), the approver's reason (adjust) or empty.</summary>
    public Text Detail;

    /// <summary>The numbers the rule used, by name.</summary>
    public EffectNumbers Why;

    /// <summary>How many of <see cref="Why"/> are set.</summary>
    public byte WhyCount;

    /// <summary>Adds a number the rule used; a ninth and later ones are dropped.</summary>
    public void Because(string name, double value)
    {
        if (WhyCount < EffectNumbers.Capacity) Why[WhyCount++] = new EffectNumber(name, value);
    }

    /// <summary>Adds an amount of money the rule used: shown with the decimals of its currency.</summary>
    public void Because(string name, Money money)
    {
        var decimals = (sbyte)Currencies.Decimals(money.Currency, money.Amount);
        if (WhyCount < EffectNumbers.Capacity) Why[WhyCount++] = new EffectNumber(name, money.Amount / (double)Currencies.Unit, decimals);
    }
}

/// <summary>A number a rule used, under the name consumers see.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The number.</param>
/// <param name="Decimals">Of an amount of money: decimals it is shown with; −1 for other numbers.</param>
public readonly record struct EffectNumber(string Name, double Value, sbyte Decimals = -1);

/// <summary>Room for the numbers of one effect.</summary>
[InlineArray(Capacity)]
public struct EffectNumbers
{
    /// <summary>The most numbers one effect carries.</summary>
    public const int Capacity = 8;

    private EffectNumber first;
}
