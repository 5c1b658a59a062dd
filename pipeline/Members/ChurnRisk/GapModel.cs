using Streaming.Members.Arithmetic;

namespace Streaming.Members.ChurnRisk;

/// <summary>The φ-accrual detector (Hayashibara 2004) in the logistic form Akka uses:
/// how surprising a silence is, given the usual gaps.</summary>
/// <remarks>φ = 1 means that a silence this long happens by chance once in ten, 2 once in a hundred. Pure functions; thread-safe, no
/// allocation.</remarks>
public static class GapModel
{
    private const double Linear = 1.5976;
    private const double Cubic = 0.070566;
    private const double Log10Of2 = 0.30102999566398120;

    /// <summary>φ of a silence.</summary>
    /// <param name="silence">Its length.</param>
    /// <param name="mean">Mean of the gaps before it, in the same unit.</param>
    /// <param name="deviation">Their standard deviation, &gt; 0.</param>
    public static double Phi(double silence, double mean, double deviation)
    {
        var y = (silence - mean) / deviation;
        var e = Numerics.Exp(-y * (Linear + (Cubic * y * y)));
        return -Log10Of2 * (silence > mean ? Numerics.Log2(e / (1 + e)) : Numerics.Log2(1 - (1 / (1 + e))));
    }

    /// <summary>The silence, in deviations beyond the mean, at which φ reaches <paramref name="phi"/>
    /// (from 0.31, where silence equals the mean).</summary>
    public static double Deviations(double phi)
    {
        // e/(1+e) = 10^−φ gives y·(Linear + Cubic·y²) = ln(10^φ − 1): one real root, by Newton from above, where it converges in a few
        // steps.
        var goal = Numerics.Ln(Numerics.Exp2(phi / Log10Of2) - 1);
        var y = goal / Linear;
        for (var i = 0; i < 30; i++) y -= ((y * (Linear + (Cubic * y * y))) - goal) / (Linear + (3 * Cubic * y * y));
        return y;
    }
}
