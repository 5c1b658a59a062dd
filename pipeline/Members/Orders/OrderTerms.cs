using Streaming.Members.Amounts;
using Streaming.Members.Rewards.PointsAccount;

namespace Streaming.Members.Orders;

/// <summary>What an order earns: fixed at its first payment, so that a refund takes back
/// what that payment gave, whatever the rules say by then.</summary>
/// <param name="PointsPerUnit">Points for one unit, ten-thousandths.</param>
/// <param name="GrowthPerUnit">Growth value for one unit, ten-thousandths.</param>
/// <param name="Minimum">What stays of the order must reach this to earn anything; ten-thousandths of a unit.</param>
/// <param name="Rate">Ten-thousandths of the order's currency for one such unit; 0 = no rule speaks of the currency.</param>
public readonly record struct OrderTerms(long PointsPerUnit, long GrowthPerUnit, long Minimum, long Rate)
{
    /// <summary>True when a rule speaks of the currency.</summary>
    public bool Known => Rate > 0;

    /// <summary>Points for what stays of an order, in ten-thousandths of its currency; rounded down once, for the whole.</summary>
    public long Points(long net) => Earned(net, PointsPerUnit);

    /// <summary>Growth value for it likewise.</summary>
    public long Growth(long net) => Earned(net, GrowthPerUnit);

    private long Earned(long net, long perUnit)
    {
        if (Rate <= 0 || perUnit == 0 || (Int128)net * Currencies.Unit < (Int128)Minimum * Rate) return 0;
        return (long)Int128.Min((Int128)net * perUnit / ((Int128)Rate * Currencies.Unit), PointsState.MaxBalance);
    }
}
