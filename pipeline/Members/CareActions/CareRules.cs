using Streaming.Members.Profiles;
using Streaming.Members.Rules;

namespace Streaming.Members.CareActions;

/// <summary>What a 29 February birthday is in other years.</summary>
public enum LeapDay : byte
{
    /// <summary>28 February.</summary>
    February28 = 0,

    /// <summary>1 March.</summary>
    March1 = 1,
}

/// <summary>Settings of care actions. Defaults are the shipped example's.</summary>
public sealed record CareRules
{
    /// <summary>The most channels.</summary>
    public const int MaxChannels = 8;

    private readonly IReadOnlyList<string> channels = [];

    /// <summary>The default settings.</summary>
    public CareRules() => Channels = ["app", "sms", "email"];

    /// <summary>Channels that can be used, in the order for members without a preference; 1 to 8 names. Default app, sms, email.</summary>
    public IReadOnlyList<string> Channels
    {
        get => channels;
        init
        {
            channels = value;
            ChannelNames = [.. value.Select(Text.From)];
        }
    }

    /// <summary>True: only channels a member has said yes to. False (the default): all it has not refused.</summary>
    public bool RequireConsent { get; init; }

    /// <summary>Quiet hours begin, the member's own time; default 21:00. The same as <see cref="QuietUntil"/> = none.</summary>
    public TimeOnly QuietFrom { get; init; } = new(21, 0);

    /// <summary>Quiet hours end, the member's own time; what was held leaves then. Default 09:00.</summary>
    public TimeOnly QuietUntil { get; init; } = new(9, 0);

    /// <summary>
    /// The most actions to one member within 7 days; default 3, 1 to 16. The greeting on the birthday always has its place: in the seven
    /// days before the birthday one place is kept free for it, and it counts in the seven days after.
    /// </summary>
    public int WeeklyCap { get; init; } = 3;

    /// <summary>
    /// Hours after its occasion (the purchase, the hour of the birthday greeting) until which an action may leave: what is later, or would
    /// be held for longer, lapses. From 1 to 8,760; default 24.
    /// </summary>
    public double NotAfterHours { get; init; } = 24;

    /// <summary>Thank a member for the first purchase; default true.</summary>
    public bool FirstPurchaseThanks { get; init; } = true;

    /// <summary>Greet a member on its birthday; default true.</summary>
    public bool BirthdayGreeting { get; init; } = true;

    /// <summary>When on the birthday, the member's own time; default 10:00.</summary>
    public TimeOnly BirthdayAt { get; init; } = new(10, 0);

    /// <summary>What a 29 February birthday is in other years; default february28.</summary>
    public LeapDay LeapDay { get; init; } = LeapDay.February28;

    /// <summary><see cref="Channels"/> as effects carry them.</summary>
    internal Text[] ChannelNames { get; private init; } = [];

    /// <summary>True for the name of one of <see cref="Channels"/>, in any case.</summary>
    public bool Has(ReadOnlySpan<byte> channel)
    {
        foreach (var name in ChannelNames)
        {
            if (Text.SameLetters(name.Span, channel)) return true;
        }

        return false;
    }

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (Channels.Count is 0 or > MaxChannels) errors.Add($"{path}.channels must have 1 to {MaxChannels} names, not {Channels.Count}.");
        if (Channels.Any(c => c.Length is 0 or > RuleName.MaxLength || c.Trim() != c || c == "*"))
            errors.Add($"{path}.channels must be names of 1 to {RuleName.MaxLength} characters, not *, without blanks around them.");
        if (ChannelNames.Any(c => c.Length > TextTable.MaxText))
            errors.Add($"{path}.channels must be names of at most {TextTable.MaxText} bytes of UTF-8.");
        if (Channels.Distinct(StringComparer.OrdinalIgnoreCase).Count() != Channels.Count)
            errors.Add($"{path}.channels has a name twice; upper and lower case are the same.");
        Setting.InRange($"{path}.weeklyCap", WeeklyCap, 1, CareState.MaxSent, errors);
        Setting.InRange($"{path}.notAfterHours", NotAfterHours, 1, 8760, errors);
    }
}
