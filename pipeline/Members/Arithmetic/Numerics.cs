namespace Streaming.Members.Arithmetic;

/// <summary>Exponential and logarithm of additions, multiplications, divisions and bit
/// operations only: the same last bit on every machine.</summary>
/// <remarks>
/// <c>Math.Pow</c>, <c>Exp</c> and <c>Log</c> are the platform's C library, and a replayed history must not depend on the library.
/// Relative error below 1e-15 for <see cref="Exp2"/> and <see cref="Log2"/>. Thread-safe; allocates nothing.
/// </remarks>
public static class Numerics
{
    /// <summary>Natural logarithm of 2.</summary>
    public const double Ln2 = 0.6931471805599453;

    private const double HalfLnTwoPi = 0.9189385332046728;
    private const double TwoOverLn2 = 2.8853900817779268;

    // 2^(i/32), each the nearest double.
    private static readonly double[] Roots =
    [
        1.0, 1.0218971486541166, 1.0442737824274138, 1.0671404006768237, 1.0905077326652577, 1.1143867425958924, 1.1387886347566916,
        1.1637248587775775,
        1.189207115002721, 1.215247359980469, 1.241857812073484, 1.2690509571917332, 1.2968395546510096, 1.3252366431597413,
        1.3542555469368927, 1.383909881963832,
        1.4142135623730951, 1.4451808069770467, 1.4768261459394993, 1.5091644275934228, 1.5422108254079407, 1.5759808451078865,
        1.6104903319492543, 1.645755478153965,
        1.681792830507429, 1.718619298122478, 1.7562521603732995, 1.7947090750031072, 1.8340080864093424, 1.8741676341103,
        1.9152065613971474, 1.9571441241754002,
    ];

    /// <summary>2 to the power of <paramref name="x"/>; 0 below −1022 (no subnormal results), infinity from 1024.</summary>
    public static double Exp2(double x)
    {
        if (!(x < 1024)) return double.IsNaN(x) ? x : double.PositiveInfinity;
        if (x < -1022) return 0;

        // x = whole + i/32 + rest: the first by the exponent's bits, the second by the table, the rest (|rest| ≤ 1/64) by its series.
        var steps = (int)Math.Floor((x * 32) + 0.5);
        var z = (x - (steps * (1.0 / 32))) * Ln2;
        var series = z * (1 + (z * ((1.0 / 2) + (z * ((1.0 / 6) + (z * ((1.0 / 24) + (z * ((1.0 / 120) + (z * (1.0 / 720)))))))))));
        var root = Roots[steps & 31];
        var whole = steps >> 5;
        var value = root + (root * series);
        return whole > 1023 ? value * 2 * Power(whole - 1) : value * Power(whole);
    }

    /// <summary>Logarithm to base 2; −infinity for 0, NaN below.</summary>
    public static double Log2(double x)
    {
        if (x <= 0 || double.IsNaN(x)) return x == 0 ? double.NegativeInfinity : double.NaN;
        if (double.IsPositiveInfinity(x)) return x;

        var lift = 0;
        if (x < 2.2250738585072014E-308)
        {
            x *= 18014398509481984; // 2^54: subnormal numbers become normal
            lift = -54;
        }

        // log2 m = 2/ln 2 · artanh((m−1)/(m+1)), |s| ≤ 0.172. Even and odd powers of s² apart: half the chain of multiplications.
        var (exponent, s) = Split(x);
        var q = s * s;
        var qq = q * q;
        var even = 1 + (qq * ((1.0 / 5) + (qq * ((1.0 / 9) + (qq * ((1.0 / 13) + (qq * ((1.0 / 17) + (qq * (1.0 / 21))))))))));
        var odd = (1.0 / 3) + (qq * ((1.0 / 7) + (qq * ((1.0 / 11) + (qq * ((1.0 / 15) + (qq * (1.0 / 19))))))));
        return (exponent + lift) + (TwoOverLn2 * s * (even + (q * odd)));
    }

    /// <summary>Logarithm to base 2 of a normal number above 0, to an absolute error of 1e-4:
    /// for callers that only need to know on which side of a boundary it lies.</summary>
    public static double RoughLog2(double x)
    {
        var (exponent, s) = Split(x);
        return exponent + (TwoOverLn2 * s * (1 + (s * s * (1.0 / 3))));
    }

    /// <summary>Natural logarithm.</summary>
    public static double Ln(double x) => Log2(x) * Ln2;

    /// <summary>e to the power of <paramref name="x"/>.</summary>
    public static double Exp(double x) => Exp2(x / Ln2);

    /// <summary><paramref name="x"/> &gt; 0 to the power of <paramref name="y"/>; its
    /// error grows with the exponent of the result.</summary>
    public static double Pow(double x, double y) => Exp2(y * Log2(x));

    /// <summary>ln(e^a + e^b) without overflow.</summary>
    public static double LogAddExp(double a, double b)
    {
        var high = Math.Max(a, b);
        return double.IsNegativeInfinity(high) ? high : high + Ln(1 + Exp(Math.Min(a, b) - high));
    }

    /// <summary>ln Γ(x) for x &gt; 0, by Stirling's series after shifting x to 10 or more.</summary>
    public static double LogGamma(double x)
    {
        var product = 1.0;
        while (x < 10)
        {
            product *= x;
            x++;
        }

        var v = 1 / x;
        var v2 = v * v;
        var series = (1.0 / 1188) - (v2 * (691.0 / 360360));
        series = (1.0 / 1680) - (v2 * series);
        series = (1.0 / 1260) - (v2 * series);
        series = (1.0 / 360) - (v2 * series);
        series = v * ((1.0 / 12) - (v2 * series));
        return ((x - 0.5) * Ln(x)) - x + HalfLnTwoPi + series - Ln(product);
    }

    /// <summary>ln B(a, b) for a, b &gt; 0.</summary>
    public static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>Gauss's hypergeometric function 2F1(a, b; c; z) for 0 ≤ z &lt; 1 by its
    /// series, to full precision for z up to about 0.999.</summary>
    public static double Hypergeometric(double a, double b, double c, double z)
    {
        const int MostTerms = 50_000;
        double term = 1, sum = 1;
        for (var n = 0; n < MostTerms; n++)
        {
            term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z;
            sum += term;
            if (Math.Abs(term) < Math.Abs(sum) * 1e-17) break;
        }

        return sum;
    }

    // A normal x > 0 as 2^exponent · m with m from √½ to √2, and (m − 1)/(m + 1).
    private static (int Exponent, double S) Split(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }

        return (exponent, (m - 1) / (m + 1));
    }

    private static double Power(int whole) => BitConverter.Int64BitsToDouble((long)(whole + 1023) << 52);
}
