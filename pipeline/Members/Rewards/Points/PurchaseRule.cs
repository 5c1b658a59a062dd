using System.Text;
using Streaming.Members.Rules;

namespace Streaming.Members.Rewards;

/// <summary>What money spent earns.</summary>
public sealed record PurchaseRule
{
    /// <summary>Every currency.</summary>
    public const string Any = "any";

    private readonly byte[] currency = Encoding.UTF8.GetBytes(Any);
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

    /// <summary>ISO 4217 code, or <c>any</c> (the default).</summary>
    public string Currency
    {
        get => Encoding.UTF8.GetString(currency);
        init => currency = Encoding.UTF8.GetBytes(value);
    }

    /// <summary>Points for one unit of the currency, in ten-thousandths; the product is rounded down to whole points. Default 1 point, 0 to 1,000.</summary>
    [TenThousandths]
    public long PointsPerUnit { get; init; } = 10_000;

    /// <summary>Growth value for one unit of the currency, in ten-thousandths, rounded down likewise. Default 1, 0 to 1,000.</summary>
    [TenThousandths]
    public long GrowthPerUnit { get; init; } = 10_000;

    /// <summary>Purchases below this earn nothing; ten-thousandths of the currency's unit. Default 0, up to 1,000,000,000.</summary>
    [TenThousandths]
    public long MinimumAmount { get; init; }

    /// <summary>The rule as effects name it.</summary>
    public string Path { get; private init; } = "";

    /// <summary>True when the rule speaks about that currency.</summary>
    public bool Takes(Text money) => money.Span.SequenceEqual(currency) || currency.AsSpan().SequenceEqual("any"u8);

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
        if (currency != Any && !(currency.Length == 3 && currency.All(char.IsAsciiLetterUpper))) errors.Add($"{path} must be three capital letters (ISO 4217) or any, not '{currency}'.");
    }
}
