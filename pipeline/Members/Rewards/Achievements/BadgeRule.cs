using Streaming.Members.Amounts;
using Streaming.Members.Events;
using Streaming.Members.Orders;
using Streaming.Members.Rewards.PointsAccount;
using Streaming.Members.Rules;

namespace Streaming.Members.Rewards.Achievements;

/// <summary>One badge and its condition: a count of events, money spent, or a streak.</summary>
public sealed record BadgeRule
{
    private readonly string name = "";

    /// <summary>Stable name; effects say <c>badges.</c> and this.</summary>
    public required string Name
    {
        get => name;
        init
        {
            name = value;
            Path = "badges." + value;
        }
    }

    /// <summary>The number by which snapshots know the badge, 0 to 63. Never give it to another badge.</summary>
    public required int Number { get; init; }

    /// <summary>The kind of event that <see cref="Count"/> counts; default none.</summary>
    public EventKind Event { get; init; }

    /// <summary>Events of that kind needed, up to 1,000,000,000; default 0 = not for a count.</summary>
    public long Count { get; init; }

    /// <summary>Money spent needed (what came back does not count), ten-thousandths of the unit
    /// of <see cref="Currency"/>; default 0 = not for spending.</summary>
    [TenThousandths]
    public long Spend { get; init; }

    /// <summary>The one currency that counts (ISO 4217), or <c>any</c> (the default): all
    /// that have a rate, added up in the base currency.</summary>
    public string Currency
    {
        get;
        init
        {
            field = value;
            code = value == PurchaseRule.Any ? 0 : Currencies.Code(value);
        }
    } = PurchaseRule.Any;

    /// <summary>Length of the check-in streak needed, in days, up to 36,500; default 0 = not for a streak.</summary>
    public int Streak { get; init; }

    /// <summary>True: no member can earn it any more; members who have it keep it. Default false.</summary>
    public bool Retired { get; init; }

    /// <summary>The badge as effects name it.</summary>
    public string Path { get; private init; } = "";

    private readonly int code; // 0 for any

    /// <summary>The kind of event that counts towards it; none for a streak.</summary>
    internal EventKind Kind => Spend > 0 ? EventKind.Paid : Event;

    /// <summary>How far a change of an order comes: further by what is paid, back by what comes back.</summary>
    internal long Step(in OrderBefore before, in Order after, MoneyRules money)
    {
        if (Spend == 0) return (after.Stands ? 1 : 0) - (before.Stands ? 1 : 0);
        if (code != 0) return code == after.Currency ? after.Net - before.Net : 0;
        return (long)Int128.Clamp(money.Worth(after.Currency, after.Net) - money.Worth(after.Currency, before.Net), long.MinValue / 4,
            long.MaxValue / 4);
    }

    /// <summary>A sum that <see cref="Spend"/> counts, as money.</summary>
    internal Money Of(long sum, MoneyRules money) => code != 0 ? new Money(sum, code) : money.InBase(sum);

    /// <summary>The count or sum needed.</summary>
    internal long Goal => Spend > 0 ? Spend : Count;

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Setting.InRange($"{path}.number", Number, 0, BadgesRules.MaxBadges - 1, errors);
        Setting.InRange($"{path}.count", Count, 0, 1_000_000_000, errors);
        Setting.TenThousandthsInRange($"{path}.spend", Spend, 0, 1_000_000_000, errors);
        Setting.InRange($"{path}.streak", Streak, 0, 36_500, errors);
        PurchaseRule.CheckCurrency($"{path}.currency", Currency, errors);
        if ((Count != 0 ? 1 : 0) + (Spend != 0 ? 1 : 0) + (Streak != 0 ? 1 : 0) != 1)
        {
            errors.Add($"{path} must have exactly one of count, spend and streak.");
        }
        if (Count != 0 != (Event != EventKind.None)) errors.Add($"{path} must have event and count together.");
    }
}
