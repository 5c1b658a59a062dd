using System.Text;
using Streaming.Members.CareActions;
using Streaming.Members.Events;
using Streaming.Members.Profiles;

namespace Streaming.Engine.Views;

/// <summary>Declared facts: where the clock is read, who may be written to, and what was odd.</summary>
public sealed record FactsView
{
    /// <summary>Its time zone.</summary>
    public required string Timezone { get; init; }

    /// <summary>Yes or no by channel; <c>*</c> speaks for every channel that is not named.</summary>
    public required IReadOnlyDictionary<string, bool> Consent { get; init; }

    /// <summary>By channel whether the member can be reached there, as far as was told; <c>*</c> as in consent.</summary>
    public required IReadOnlyDictionary<string, bool> Reach { get; init; }

    /// <summary>Channels of consent and reach that the rules do not have.</summary>
    public required IReadOnlyList<string> UnknownChannels { get; init; }

    /// <summary>Facts that were left out.</summary>
    public required long LeftOut { get; init; }

    /// <summary>What was ever odd: <c>birthday-invalid</c>, <c>timezone-unknown</c> and others.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    internal static FactsView Of(in ProfileState profile, CareRules rules)
    {
        var consent = profile.Consent.ToDictionary();
        var reach = profile.Reach.ToDictionary();
        return new FactsView
        {
            Timezone = profile.Zone.Id,
            Consent = consent,
            Reach = reach,
            UnknownChannels = [.. consent.Keys.Union(reach.Keys)
                .Where(channel => channel != "*" && !rules.Has(Encoding.UTF8.GetBytes(channel)))],
            LeftOut = profile.FactsLeftOut,
            Warnings = profile.Warnings.All(),
        };
    }
}
