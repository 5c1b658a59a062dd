namespace Streaming.Loadtests.Load.Finding;

/// <summary>Finds the highest rate that is sustained: doubles until one is not, then
/// halves what lies between, on a logarithmic scale.</summary>
/// <param name="from">The first rate tried, above 0.</param>
/// <param name="to">The highest.</param>
/// <param name="resolution">How close is close enough: 0.1 stops when the lowest rate that
/// failed is at most 10 % above the highest that held.</param>
public sealed class Bisection(double from, double to, double resolution)
{
    /// <summary>The highest rate that was sustained; 0 while none was.</summary>
    public double Held { get; private set; }

    /// <summary>The lowest rate that was not; infinite while all were.</summary>
    public double Failed { get; private set; } = double.PositiveInfinity;

    /// <summary>What to try next, or null at the end.</summary>
    public double? Next
    {
        get
        {
            if (Held == 0) return Failed > from ? from : Failed / 2 >= from / 64 ? Failed / 2 : null;
            if (double.IsInfinity(Failed)) return Held < to ? Math.Min(to, Held * 2) : null;
            return Failed / Held > 1 + resolution ? Math.Sqrt(Held * Failed) : null;
        }
    }

    /// <summary>What came of a rate.</summary>
    public void Tried(double rate, bool sustained)
    {
        if (sustained) Held = Math.Max(Held, rate);
        else Failed = Math.Min(Failed, rate);
    }
}
