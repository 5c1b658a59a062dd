using Streaming.Members.Amounts;
using Streaming.Members.Orders;
using Streaming.Members.Rules;

namespace Streaming.Members.Rewards.PointsAccount;

/// <summary>What an order earns for the money that is not refunded.</summary>
public sealed record PurchaseRule
{
    /// <summary>Every currency that has a rate (<see cref="MoneyRules.Rates"/>), converted into the base currency.</summary>
    public const string Any = "any";

    private readonly int code; // 0 for any
    private readonly string name = "";

    /// <summary>Stable name; effects say <c>points.</c> and this.</summary>
    public required string Name
    {
        get => name;
        init
        {
            name = value;
            Path = "points." + value;
        }
    }

    /// <summary>ISO 4217 code: the rule is in that currency's units, whatever its rate. Or <c>any</c>
    /// (the default): it is in units of the base currency.</summary>
    public string Currency
    {
        get;
        init
        {
            field = value;
            code = value == Any ? 0 : Currencies.Code(value);
        }
    } = Any;

    /// <summary>Points for one unit, in ten-thousandths; the product is rounded down to whole
    /// points once for an order. Default 1 point, 0 to 1,000.</summary>
    [TenThousandths]
    public long PointsPerUnit { get; init; } = 10_000;

    /// <summary>Growth value for one unit, in ten-thousandths, rounded down likewise. Default 1, 0 to 1,000.</summary>
    [TenThousandths]
    public long GrowthPerUnit { get; init; } = 10_000;

    /// <summary>Orders with less than this left after refunds earn nothing; ten-thousandths of the unit. Default 0, up to
    /// 1,000,000,000.</summary>
    [TenThousandths]
    public long MinimumAmount { get; init; }

    /// <summary>The rule as effects name it.</summary>
    public string Path { get; private init; } = "";

    /// <summary>True when the rule applies to that currency (<see cref="Currencies.Code(ReadOnlySpan{byte})"/>).</summary>
    public bool Takes(int currency, MoneyRules money) => code == 0 ? money.Rate(currency) > 0 : code == currency;

    /// <summary>What an order in a currency that it takes earns from its first payment on.</summary>
    internal OrderTerms Terms(int currency, MoneyRules money) =>
        new(PointsPerUnit, GrowthPerUnit, MinimumAmount, code == 0 ? money.Rate(currency) : Currencies.Unit);

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        CheckCurrency($"{path}.currency", Currency, errors);
        Setting.TenThousandthsInRange($"{path}.pointsPerUnit", PointsPerUnit, 0, 1_000, errors);
        Setting.TenThousandthsInRange($"{path}.growthPerUnit", GrowthPerUnit, 0, 1_000, errors);
        Setting.TenThousandthsInRange($"{path}.minimumAmount", MinimumAmount, 0, 1_000_000_000, errors);
    }

    /// <summary>Adds an error unless it is three capital letters or <c>any</c>.</summary>
    internal static void CheckCurrency(string path, string currency, ICollection<string> errors)
    {
        if (currency != Any && !MoneyRules.IsCode(currency))
            errors.Add($"{path} must be three capital letters (ISO 4217) or any, not '{currency}'.");
    }
}
