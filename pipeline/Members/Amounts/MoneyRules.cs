using System.Globalization;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members.Amounts;

/// <summary>What currencies are worth, for whatever adds up money of several: points,
/// tiers, badges. Sums themselves are never converted.</summary>
public sealed record MoneyRules
{
    /// <summary>The most currencies.</summary>
    public const int MaxRates = 200;

    private readonly Listed[] table = [];
    private readonly int baseCode = Currencies.Code("EUR");
    private readonly IReadOnlyDictionary<string, long> rates = new Dictionary<string, long>();

    /// <summary>The default rates.</summary>
    public MoneyRules() => Rates = Shipped();

    /// <summary>The currency that thresholds and points per unit are in (ISO 4217); its rate is 1. Default EUR.</summary>
    public string Base
    {
        get;
        init
        {
            field = value;
            baseCode = Currencies.Code(value);
        }
    } = "EUR";

    /// <summary>The date of the rates, yyyy-MM-dd, for information only. Default 2025-06-30.</summary>
    public string AsOf { get; init; } = "2025-06-30";

    /// <summary>Units of a currency for one unit of <see cref="Base"/>, from 0.0001 to 10,000,000. A
    /// currency not listed is worth nothing until a rule names it.</summary>
    [TenThousandths]
    public IReadOnlyDictionary<string, long> Rates
    {
        get => rates;
        init
        {
            rates = value;
            table = [.. value.Select(rate => new Listed(Currencies.Code(rate.Key), rate.Value, rate.Key))];
        }
    }

    /// <summary>Ten-thousandths of a currency's unit for one unit of <see cref="Base"/>; 0 for a currency that is not listed.</summary>
    public long Rate(int currency)
    {
        foreach (ref readonly var listed in table.AsSpan())
        {
            if (listed.Code == currency) return listed.Rate;
        }

        return 0;
    }

    /// <summary>An amount in <see cref="Base"/>, ten-thousandths, rounded down; 0 for a currency that is not listed.</summary>
    public Int128 Worth(int currency, long amount)
    {
        var rate = Rate(currency);
        // Most money is in the base currency, and dividing 128 bits is slow.
        return rate == Currencies.Unit ? amount : rate == 0 ? 0 : (Int128)amount * Currencies.Unit / rate;
    }

    /// <summary>A sum of worths as money of the base currency, at the end of its range at most.</summary>
    internal Money InBase(Int128 worth) => new((long)Int128.Clamp(worth, long.MinValue, long.MaxValue), baseCode);

    /// <summary>The code as text; allocates for a currency that is not listed.</summary>
    internal string NameOf(int currency)
    {
        foreach (ref readonly var listed in table.AsSpan())
        {
            if (listed.Code == currency) return listed.Name;
        }

        return Currencies.Name(currency);
    }

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        CheckCode($"{path}.base", Base, errors);
        if (Rates.GetValueOrDefault(Base) != Currencies.Unit) errors.Add($"{path}.rates.{Base} must be 1: it is the base.");
        if (!DateOnly.TryParseExact(AsOf, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            errors.Add($"{path}.asOf must be a day as yyyy-MM-dd, not '{AsOf}'.");
        if (Rates.Count > MaxRates) errors.Add($"{path}.rates has more than {MaxRates} currencies.");
        foreach (var (currency, rate) in Rates)
        {
            CheckCode($"{path}.rates.{currency}", currency, errors);
            Setting.TenThousandthsInRange($"{path}.rates.{currency}", rate, 0.0001, 10_000_000, errors);
        }
    }

    /// <summary>Adds an error unless it is three capital letters.</summary>
    internal static void CheckCode(string path, string currency, ICollection<string> errors)
    {
        if (!IsCode(currency)) errors.Add($"{path} must be a currency of three capital letters (ISO 4217).");
    }

    /// <summary>True for three capital letters.</summary>
    internal static bool IsCode(string currency) => currency.Length == 3 && currency.All(char.IsAsciiLetterUpper);

    // In the order of rules.yaml.
    private static Dictionary<string, long> Shipped() => new (string Currency, decimal Rate)[]
    {
        ("EUR", 1), ("USD", 1.172m), ("GBP", 0.856m), ("CHF", 0.935m), ("CNY", 8.4m), ("JPY", 169), ("KRW", 1588), ("TWD", 34.2m),
            ("HKD", 9.2m),
        ("SGD", 1.494m), ("MYR", 4.936m), ("THB", 38.1m), ("VND", 30600), ("IDR", 19000), ("PHP", 66), ("INR", 100.6m), ("AUD", 1.795m),
            ("NZD", 1.933m),
        ("CAD", 1.603m), ("MXN", 22.1m), ("BRL", 6.44m), ("CLP", 1094), ("COP", 4780), ("ZAR", 20.8m), ("EGP", 58), ("TND", 3.39m),
            ("AED", 4.304m),
        ("SAR", 4.395m), ("KWD", 0.358m), ("BHD", 0.442m), ("OMR", 0.451m), ("JOD", 0.831m), ("ILS", 3.956m), ("TRY", 46.6m),
            ("UAH", 48.9m),
        ("SEK", 11.15m), ("NOK", 11.83m), ("DKK", 7.461m), ("ISK", 142.4m), ("PLN", 4.242m), ("CZK", 24.75m), ("HUF", 399.8m),
            ("RON", 5.079m),
    }.ToDictionary(rate => rate.Currency, rate => (long)(rate.Rate * Currencies.Unit), StringComparer.Ordinal);

    private readonly record struct Listed(int Code, long Rate, string Name);
}
