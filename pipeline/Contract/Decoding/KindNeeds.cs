using Streaming.Contract.Records;
using Streaming.Members.Events;

namespace Streaming.Contract.Decoding;

/// <summary>The fields each kind of event requires beyond those all events share.</summary>
internal static class KindNeeds
{
    /// <summary>Checks a decoded event.</summary>
    /// <returns><see cref="RejectReason.None"/>, or what <paramref name="field"/> lacks.</returns>
    public static RejectReason Check(MemberEvent e, FieldReader fields, out string field)
    {
        var (reason, about) = e.Kind switch
        {
            EventKind.Paid or EventKind.Refunded or EventKind.Cancelled => Purchase(e, fields),
            EventKind.Redeem => Redeem(e, fields),
            EventKind.Adjust => Adjust(e, fields),
            EventKind.Outcome => Outcome(e),
            EventKind.Merge or EventKind.Appreciated when e.From.IsEmpty || e.From == e.Member => (RejectReason.FromMissing, Field.From),
            _ => (RejectReason.None, Field.None),
        };
        field = about == Field.None ? "" : FieldTable.Of(about).Name;
        return reason;
    }

    // A cancellation may leave out its amount; it then cancels what is left of the order. An amount needs its currency.
    private static (RejectReason, Field) Purchase(MemberEvent e, FieldReader fields)
    {
        if (e.Order.IsEmpty) return (RejectReason.OrderMissing, Field.Order);
        var hasAmount = fields.Saw(Field.Amount);
        if (!hasAmount && e.Kind != EventKind.Cancelled) return (RejectReason.AmountMissing, Field.Amount);
        return hasAmount && e.Currency.IsEmpty ? (RejectReason.CurrencyMissing, Field.Currency) : default;
    }

    private static (RejectReason, Field) Redeem(MemberEvent e, FieldReader fields)
    {
        if (e.Request.IsEmpty) return (RejectReason.RequestMissing, Field.Request);
        if (!fields.Saw(Field.Points)) return (RejectReason.PointsMissing, Field.Points);
        return e.Points < 1 ? (RejectReason.PointsInvalid, Field.Points) : default;
    }

    private static (RejectReason, Field) Adjust(MemberEvent e, FieldReader fields)
    {
        if (!fields.Saw(Field.Points)) return (RejectReason.PointsMissing, Field.Points);
        if (e.Points == 0) return (RejectReason.PointsInvalid, Field.Points);
        if (e.Reason.IsEmpty) return (RejectReason.ReasonMissing, Field.Reason);
        return e.Approver.IsEmpty ? (RejectReason.ApproverMissing, Field.Approver) : default;
    }

    private static (RejectReason, Field) Outcome(MemberEvent e)
    {
        if (e.Action.IsEmpty) return (RejectReason.ActionMissing, Field.Action);
        return e.Result.IsEmpty ? (RejectReason.ResultMissing, Field.Result) : default;
    }
}
