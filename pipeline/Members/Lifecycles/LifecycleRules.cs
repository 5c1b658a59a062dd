using Streaming.Members.Amounts;
using Streaming.Members.Orders;
using Streaming.Members.Rules;

namespace Streaming.Members.Lifecycles;

/// <summary>Settings of stages, tiers and key opinion consumers. Defaults are the shipped example's.</summary>
public sealed record LifecycleRules
{
    /// <summary>Score from which awareness becomes interest; interest is lost only by silence. From 0 to 1e12; default 5.</summary>
    public double InterestScore { get; init; } = 5;

    /// <summary>Score from which interest becomes engagement. Above <see cref="InterestScore"/>, below 1e12; default 20.</summary>
    public double EngagementScore { get; init; } = 20;

    /// <summary>Days with purchases from which conversion (the first) becomes loyalty. From 2 to 1,000; default 3.</summary>
    public int LoyaltyPurchaseDays { get; init; } = 3;

    /// <summary>Days of silence after which a member is dormant. From 1 to 3,650; default 30.</summary>
    public double DormantDays { get; init; } = 30;

    /// <summary>Days of silence after which a dormant member has lapsed. Above <see cref="DormantDays"/>; default 90.</summary>
    public double LapsedDays { get; init; } = 90;

    /// <summary>Days after its return during which a member counts as recovered, unless it buys. From 0 to 365; default 14.</summary>
    public double RecoveredDays { get; init; } = 14;

    /// <summary>How far a score must fall below its threshold before the stage or tier is lost, as a share of the threshold. From 0.001 to
    /// 0.9; default 0.1.</summary>
    public double Hysteresis { get; init; } = 0.1;

    /// <summary>The tiers.</summary>
    public TierRules Tiers { get; init; } = new();

    /// <summary>Influence (decayed count of likes, shares and answers received, by the weight of <c>appreciated</c>) from which a member is
    /// a key opinion consumer. Above 0; default 20.</summary>
    public double KocInfluence { get; init; } = 20;

    /// <summary>The share of a threshold that keeps what the threshold gave.</summary>
    internal double KeepFactor => 1 - Hysteresis;

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Setting.InRange($"{path}.interestScore", InterestScore, 0, 1e12, errors);
        Setting.Below($"{path}.interestScore", InterestScore, $"{path}.engagementScore", EngagementScore, errors);
        Setting.InRange($"{path}.loyaltyPurchaseDays", LoyaltyPurchaseDays, 2, 1000, errors);
        Setting.InRange($"{path}.dormantDays", DormantDays, 1, 3650, errors);
        Setting.Below($"{path}.dormantDays", DormantDays, $"{path}.lapsedDays", LapsedDays, errors);
        Setting.InRange($"{path}.lapsedDays", LapsedDays, 1, 36500, errors);
        Setting.InRange($"{path}.recoveredDays", RecoveredDays, 0, 365, errors);
        Setting.InRange($"{path}.hysteresis", Hysteresis, 0.001, 0.9, errors);
        Tiers.Validate($"{path}.tiers", errors);
        Setting.Above($"{path}.kocInfluence", KocInfluence, 0, 1e12, errors);
    }
}

/// <summary>Settings of the tiers: a member has the highest one that its score or its spending reaches; everyone has <c>base</c>.</summary>
public sealed record TierRules
{
    /// <summary>Score from which a member is of the middle tier. Above 0; default 60.</summary>
    public double WaistScore { get; init; } = 60;

    /// <summary>Net spending from which a member is of the middle tier, in units of the base currency
    /// (<see cref="MoneyRules.Base"/>). Above 0; default 500.</summary>
    [TenThousandths]
    public long WaistSpending { get; init; } = 500 * Unit;

    /// <summary>Score from which a member is of the highest tier. Above <see cref="WaistScore"/>; default 200.</summary>
    public double HeadScore { get; init; } = 200;

    /// <summary>Net spending from which a member is of the highest tier, in units of the base currency. Above <see cref="WaistSpending"/>;
    /// default 5,000.</summary>
    [TenThousandths]
    public long HeadSpending { get; init; } = 5000 * Unit;

    /// <summary>What one unit of a currency counts for spending, from 0.0001 to 1,000,000, in place of its rate
    /// (<see cref="MoneyRules.Rates"/>); default none. For tiers alone.</summary>
    [TenThousandths]
    public IReadOnlyDictionary<string, long> Rates
    {
        get;
        init
        {
            field = value;
            table = [.. value.Select(rate => new CurrencyRate(Currencies.Code(rate.Key), rate.Value))];
        }
    } = new Dictionary<string, long>();

    private const long Unit = 10_000;
    private readonly CurrencyRate[] table = [];

    /// <summary>What the member spent on the whole, in ten-thousandths of the base currency's unit.</summary>
    internal Int128 Worth(in SpendingState spending, MoneyRules money)
    {
        Int128 worth = 0;
        for (var i = 0; i < spending.Count; i++)
        {
            var (currency, net) = spending[i];
            var rate = Rate(currency);
            worth += rate == 0 ? money.Worth(currency, net) : (Int128)net * rate / Unit;
        }

        return worth;
    }

    /// <summary>Adds one sentence per wrong setting.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        Setting.Above($"{path}.waistScore", WaistScore, 0, 1e12, errors);
        Setting.Below($"{path}.waistScore", WaistScore, $"{path}.headScore", HeadScore, errors);
        Setting.TenThousandthsInRange($"{path}.waistSpending", WaistSpending, 0.0001, 1e12, errors);
        Setting.Below($"{path}.waistSpending", WaistSpending / (double)Unit, $"{path}.headSpending", HeadSpending / (double)Unit, errors);
        foreach (var (currency, rate) in Rates)
        {
            MoneyRules.CheckCode($"{path}.rates.{currency}", currency, errors);
            Setting.TenThousandthsInRange($"{path}.rates.{currency}", rate, 0.0001, 1_000_000, errors);
        }
    }

    private long Rate(int currency)
    {
        foreach (var rate in table)
        {
            if (rate.Currency == currency) return rate.Rate;
        }

        return 0;
    }

    private readonly record struct CurrencyRate(int Currency, long Rate);
}
