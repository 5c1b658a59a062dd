using Streaming.Members.Arithmetic;

namespace Streaming.Members.ChurnRisk;

/// <summary>Which "buy till you die" model.</summary>
public enum PurchaseModelKind : byte
{
    /// <summary>Modified BG/NBD (Batislam, Denizel, Filiztekin 2007): a buyer may leave after any purchase, the first included.</summary>
    MbgNbd = 0,

    /// <summary>BG/NBD (Fader, Hardie, Lee 2005): a buyer may leave after a repeat purchase;
    /// every one-time buyer counts as alive for ever.</summary>
    BgNbd = 1,
}

/// <summary>What the models know of a buyer, in the model's unit of time.</summary>
/// <param name="Repeats">x: purchases after the first; those of one day count once.</param>
/// <param name="Recency">t_x: time from the first purchase to the last.</param>
/// <param name="Age">T: time from the first purchase to the moment in question.</param>
public readonly record struct PurchaseHistory(double Repeats, double Recency, double Age);

/// <summary>
/// The closed forms of BG/NBD and MBG/NBD. Members buy at a rate drawn from a gamma distribution (shape r, scale α) and leave with a
/// chance drawn from a beta distribution (a, b). Pure functions of doubles; thread-safe, no allocation.
/// </summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="R">Shape of the rate's gamma distribution, &gt; 0.</param>
/// <param name="Alpha">Scale of the rate's gamma distribution in the model's unit of time, &gt; 0.</param>
/// <param name="A">First parameter of the beta distribution, &gt; 0; the expectations do not exist at exactly 1.</param>
/// <param name="B">Second parameter of the beta distribution, &gt; 0.</param>
public readonly record struct PurchaseModel(PurchaseModelKind Kind, double R, double Alpha, double A, double B)
{
    // The models differ by one chance to leave: after each of x + 1 purchases, or after each of x.
    private double Chances(double repeats) => Kind == PurchaseModelKind.MbgNbd ? repeats + 1 : repeats;

    /// <summary>Probability that the buyer has not left.</summary>
    public double Alive(in PurchaseHistory h)
    {
        var chances = Chances(h.Repeats);
        if (chances == 0) return 1;
        var odds = A / (B + chances - 1) * Numerics.Pow((Alpha + h.Age) / (Alpha + h.Recency), R + h.Repeats);
        return 1 / (1 + odds);
    }

    /// <summary>Age at which <see cref="Alive"/> falls to <paramref name="threshold"/> when nothing
    /// is bought until then; may lie before the last purchase.</summary>
    /// <param name="h">The buyer; its age is not used.</param>
    /// <param name="threshold">Between 0 and 1.</param>
    /// <returns>Positive infinity when it never falls.</returns>
    public double FallsTo(in PurchaseHistory h, double threshold)
    {
        var chances = Chances(h.Repeats);
        if (chances == 0) return double.PositiveInfinity;
        var odds = (1 - threshold) / threshold * (B + chances - 1) / A;
        return ((Alpha + h.Recency) * Numerics.Pow(odds, 1 / (R + h.Repeats))) - Alpha;
    }

    /// <summary>Purchases to expect in the next <paramref name="span"/>.</summary>
    public double Expected(in PurchaseHistory h, double span)
    {
        var x = h.Repeats;
        var chances = Chances(x);
        var n = A + B + chances - 1;
        if (Math.Abs(n) < 1e-7) n = 1e-7; // the formula is 0/0 there, its limit exists
        var z = span / (Alpha + h.Age + span);
        var stays = Numerics.Pow((Alpha + h.Age) / (Alpha + h.Age + span), R + x) * Numerics.Hypergeometric(R + x, B + chances, n, z);
        return n / (A - 1) * (1 - stays) * Alive(h);
    }

    /// <summary>Repeat purchases to expect of a new buyer in the first <paramref name="span"/>.</summary>
    public double ExpectedOfNew(double span) => Expected(new PurchaseHistory(0, 0, 0), span);

    /// <summary>Natural logarithm of the likelihood of one buyer's history: what parameters are fitted by.</summary>
    public double LogLikelihood(in PurchaseHistory h)
    {
        var x = h.Repeats;
        var chances = Chances(x);
        var rate = Numerics.LogGamma(R + x) - Numerics.LogGamma(R) + (R * Numerics.Ln(Alpha));
        var alive = Numerics.LogBeta(A, B + chances) - Numerics.LogBeta(A, B) - ((R + x) * Numerics.Ln(Alpha + h.Age));
        if (chances == 0) return rate + alive;
        var left = Numerics.LogBeta(A + 1, B + chances - 1) - Numerics.LogBeta(A, B) - ((R + x) * Numerics.Ln(Alpha + h.Recency));
        return rate + Numerics.LogAddExp(alive, left);
    }

    /// <summary>Probability that a new buyer makes exactly <paramref name="repeats"/> repeat purchases in the first
    /// <paramref name="span"/>.</summary>
    public double Probability(int repeats, double span)
    {
        var z = span / (Alpha + span);
        var none = Numerics.Pow(Alpha / (Alpha + span), R);
        double term = none, sum = 0;
        for (var j = 0; j < repeats; j++)
        {
            sum += term;
            term *= (R + j) / (j + 1) * z;
        }

        // Either alive until the end with exactly this many, or left after the last of them.
        var chances = Chances(repeats);
        var stayed = Numerics.Exp(Numerics.LogBeta(A, B + chances) - Numerics.LogBeta(A, B)) * term;
        if (chances == 0) return stayed;
        return stayed + (Numerics.Exp(Numerics.LogBeta(A + 1, B + chances - 1) - Numerics.LogBeta(A, B)) * (1 - sum));
    }
}
