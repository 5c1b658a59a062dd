using System.Globalization;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Values;

namespace Streaming.Replay.Writing;

/// <summary>Works out the amount of a purchase, exactly.</summary>
internal sealed class AmountReader(AmountRule rule, NumberReader numbers, LineAmount lines)
{
    private readonly bool[] absolute = [.. rule.Product.Select(rule.Abs.Contains)];
    private readonly decimal unit = new(1, 0, 0, isNegative: false, (byte)rule.MinorUnits);

    /// <summary>The amount as text: of one row, or of the lines of one order.</summary>
    /// <returns>Null when no row has one. If a value is no number, the result is a text that the decoder rejects.</returns>
    public string? Of(IReadOnlyList<Row> rows)
    {
        decimal? sum = null;
        foreach (var row in rows)
        {
            var texts = rule.Product.Select(column => row[column]).ToArray();
            if (texts.Contains("")) continue;
            if (Product(texts) is not { } product) return $"not a number: {string.Join(" * ", texts)}";
            sum = sum is { } before ? ExactProduct.Sum(before, product) : product;
            if (sum is null) return "the sum of the lines has too many digits";
            if (lines == LineAmount.First) break;
        }

        return sum?.ToString(CultureInfo.InvariantCulture);
    }

    private decimal? Product(string[] texts)
    {
        Span<ExactNumber> factors = stackalloc ExactNumber[texts.Length + 1];
        for (var i = 0; i < texts.Length; i++)
        {
            if (numbers.Read(texts[i]) is not { } number) return null;
            factors[i] = absolute[i] ? number with { Value = Math.Abs(number.Value) } : number;
        }

        factors[^1] = new(unit, rule.MinorUnits);
        return ExactProduct.Of(factors);
    }
}
