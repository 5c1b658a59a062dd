using System.Text;

namespace Streaming.Members.Profiles;

/// <summary>Settings of what is known about members. Defaults are the shipped example's.</summary>
public sealed record ProfileRules
{
    /// <summary>
    /// IANA name of the time zone of members that declared none; default UTC. Quiet hours, birthdays, streaks and every other day and time
    /// of day go by it. After a change, days counted before stay as they were.
    /// </summary>
    public string DefaultZone
    {
        get;
        init
        {
            field = value;
            Zone = Zones.Find(Encoding.UTF8.GetBytes(value)) ?? Zones.Utc;
        }
    } = Zones.Utc.Id;

    /// <summary>The zone of that name.</summary>
    internal Zone Zone { get; private init; } = Zones.Utc;

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (Zones.Find(Encoding.UTF8.GetBytes(DefaultZone)) is null)
            errors.Add($"{path}.defaultZone must be an IANA name such as Europe/Berlin, not '{DefaultZone}'.");
    }
}
