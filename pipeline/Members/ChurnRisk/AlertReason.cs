namespace Streaming.Members.ChurnRisk;

/// <summary>The reason of a churn alert. Numbers are stored: never reuse one.</summary>
public enum AlertReason : byte
{
    /// <summary>No alert.</summary>
    None = 0,

    /// <summary>A buyer is silent for longer than the purchase model makes likely: <c>buyer-silence</c>.</summary>
    BuyerSilence = 1,

    /// <summary>Silent for longer than the gaps between visits make likely: <c>gap</c>.</summary>
    Gap = 2,

    /// <summary>Silent for longer than the plain limit: <c>hiatus</c>.</summary>
    Hiatus = 3,

    /// <summary>The member complained: <c>complaint</c>.</summary>
    Complaint = 4,

    /// <summary>Money went back: <c>refund</c>.</summary>
    Refund = 5,

    /// <summary>Visits became rarer: <c>rate-drop</c>.</summary>
    RateDrop = 6,
}

/// <summary>Facts about alert reasons that never change.</summary>
public static class AlertReasons
{
    /// <summary>True for an alert that silence raised and any return clears.</summary>
    public static bool IsSilence(this AlertReason reason) => reason is AlertReason.BuyerSilence or AlertReason.Gap or AlertReason.Hiatus;

    /// <summary>The stable word in messages.</summary>
    public static string Name(this AlertReason reason) => reason switch
    {
        AlertReason.BuyerSilence => "buyer-silence",
        AlertReason.Gap => "gap",
        AlertReason.Hiatus => "hiatus",
        AlertReason.Complaint => "complaint",
        AlertReason.Refund => "refund",
        AlertReason.RateDrop => "rate-drop",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    /// <summary>The rule's stable name.</summary>
    public static string Rule(this AlertReason reason) => reason switch
    {
        AlertReason.BuyerSilence => "churn.model",
        AlertReason.Gap => "churn.gaps",
        AlertReason.Hiatus => "churn.hiatus",
        AlertReason.Complaint => "churn.complaint",
        AlertReason.Refund => "churn.refund",
        AlertReason.RateDrop => "churn.rateDrop",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
