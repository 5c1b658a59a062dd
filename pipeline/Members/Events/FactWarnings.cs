namespace Streaming.Members.Events;

/// <summary>Facts of an event that were invalid and left out, while the event was applied. Kept by the member, counted by the host; numbers
/// are
/// stored: never reuse one.</summary>
[Flags]
public enum FactWarnings : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A birthday that is no real date was dropped.</summary>
    BirthdayInvalid = 1,

    /// <summary>An unknown time zone was dropped.</summary>
    TimezoneUnknown = 2,

    /// <summary>An attribute was dropped: not a text, number or truth value, too long, or one too many.</summary>
    AttributeInvalid = 4,

    /// <summary>A preferred channel was dropped: not a text, too long, or one too many.</summary>
    ChannelsInvalid = 8,

    /// <summary>A referrer that is no member id was dropped.</summary>
    ReferrerInvalid = 16,

    /// <summary>An answer about consent was neither yes nor no (it counts as no), or a yes did not fit.</summary>
    ConsentUnclear = 32,

    /// <summary>Consent was given or refused for a channel that the rules do not have. It is kept.</summary>
    ChannelUnknown = 64,

    /// <summary>The event became a dead letter; the refusals of consent in it were applied all the same.</summary>
    RefusalOfRejected = 128,

    /// <summary>A tag was dropped: its end is no time, its name is empty or too long, or it is one too many.</summary>
    TagInvalid = 256,

    /// <summary>There were tags. They were read, and no rule acts on them: they are not kept.</summary>
    TagsUnused = 512,

    /// <summary>A state of reach was none of the contract's (it counts as blocked), or a followed did not fit.</summary>
    ReachUnclear = 1024,
}

/// <summary>Names of warnings.</summary>
public static class FactWarningNames
{
    /// <summary>How many there are: one per bit from the lowest.</summary>
    public const int Count = 11;

    private static readonly string[] Names =
    [
        "birthday-invalid", "timezone-unknown", "attribute-invalid", "channels-invalid", "referrer-invalid", "consent-unclear",
            "channel-unknown", "refusal-of-rejected", "tag-invalid", "tags-unused", "reach-unclear",
    ];

    /// <summary>The name of the warning in a bit, in kebab-case.</summary>
    /// <param name="bit">0 to <see cref="Count"/> − 1.</param>
    public static string Name(int bit) => Names[bit];

    /// <summary>The names of all that are set.</summary>
    public static IReadOnlyList<string> All(this FactWarnings warnings) =>
        [.. Enumerable.Range(0, Count).Where(bit => ((int)warnings & (1 << bit)) != 0).Select(Name)];
}
