using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Members.Events;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>Many members for whom something falls due at one instant of the calendar.</summary>
/// <remarks>
/// The shipped rules end quiet hours at 09:00 and greet at 10:00, and points expire at midnight, the members' own time. So the instant is a
/// whole hour of UTC, at most an hour away, and the members live where it then is the hour in question. Rules that name another minute
/// make it come at that minute (<see cref="Time"/>): an installation of the run's own gets rules that name one which is minutes away.
/// </remarks>
public sealed partial class StormPlan
{
    /// <summary>Members who were thanked in quiet hours, which now end.</summary>
    public const string QuietHours = "quiet-hours";

    /// <summary>Members whose birthday greeting is due.</summary>
    public const string Birthday = "birthday";

    /// <summary>Members whose points of one day a year ago expire.</summary>
    public const string Expiry = "points-expiry";

    /// <summary>One of <see cref="QuietHours"/>, <see cref="Birthday"/>, <see cref="Expiry"/>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>How many members. Default 10,000; range 1-5,000,000.</summary>
    public int Members { get; set; } = 10_000;

    /// <summary>Time of day at which it comes, as the installation's rules say: <c>quietUntil</c>, <c>birthdayAt</c>. Default that of the
    /// shipped rules; points expire at 00:00 under any.</summary>
    public string? Time { get; set; }

    private static readonly TimeSpan Start = TimeSpan.FromMinutes(3); // that an installation may take to be ready

    /// <summary>Seconds before the instant by which the members are made at the latest: the first instant that is at least so far away is
    /// taken. Default 60; range 10-3,000. As long is waited for all members to be there.</summary>
    public int LeadSeconds { get; set; } = 60;

    /// <summary>The instant a run that begins at this moment is to meet, epoch milliseconds.</summary>
    public long InstantAfter(long now)
    {
        const long Hour = 3_600_000;
        var minute = OfDay.Minute * 60_000L;
        return ((now + (LeadSeconds * 1000L) - minute + Hour - 1) / Hour * Hour) + minute;
    }

    /// <summary>Rules for an installation of the run's own: they name <see cref="Time"/>,
    /// which is chosen minutes from now when it is not given.</summary>
    /// <param name="rules">The shipped rules' text.</param>
    /// <param name="now">Epoch milliseconds.</param>
    /// <returns>The rules' text; as it was for points, which expire at midnight under any rules.</returns>
    public string OwnRules(string rules, long now)
    {
        if (Kind == Expiry) return rules;
        var soonest = DateTimeOffset.FromUnixTimeMilliseconds(now + (LeadSeconds * 1000L)) + Start;
        Time ??= new TimeOnly(OfDay.Hour, soonest.AddMinutes(1).Minute).ToString("HH:mm", CultureInfo.InvariantCulture);
        return TimeOfDay().Replace(rules, line => line.Groups["name"].Value == (Kind == Birthday ? "birthdayAt" : "quietUntil")
            ? $"{line.Groups["before"]}\"{Time}\"" : line.Value);
    }

    /// <summary>What everybody's message is named by, beside the member.</summary>
    public string Effect => Kind == Expiry ? "points-expired" : "care-action";

    /// <summary>The events that make one member ready for the instant.</summary>
    public IEnumerable<StormEvent> Prepare(string member, long instant, long now)
    {
        var offset = (OfDay.Hour - (int)(instant / 3_600_000 % 24) + 36) % 24 - 12; // -12 to +11 hours of UTC
        var local = DateTimeOffset.FromUnixTimeMilliseconds(instant).ToOffset(TimeSpan.FromHours(offset));
        // zones named Etc/GMT count the other way round
        var zone = offset == 0 ? "Etc/GMT" : string.Create(CultureInfo.InvariantCulture,
            $"Etc/GMT{(offset > 0 ? "-" : "+")}{Math.Abs(offset)}");
        var birthday = Kind == Birthday ? $",\"birthday\":\"1990-{local:MM-dd}\"" : "";
        yield return new StormEvent(Topic.Members, "joined", member + "-j", now,
            $"\"timezone\":\"{zone}\",\"consent\":{{\"app\":true}}{birthday}");
        if (Kind == Birthday) yield break;
        // valid through the same day of the month a year on, which ends at the instant
        var at = Kind == Expiry ? new DateTimeOffset(local.AddDays(-1).Date.AddHours(12), local.Offset).AddMonths(-12)
            .ToUnixTimeMilliseconds() : now;
        yield return new StormEvent(Topic.Purchases, "paid", member + "-p", at,
            $"\"order\":\"{member}-o\",\"amount\":\"50.00\",\"currency\":\"EUR\"");
    }

    [GeneratedRegex("(?<before>(?<name>birthdayAt|quietUntil): *)\"[^\"]*\"")]
    private static partial Regex TimeOfDay();

    private TimeOnly OfDay => Time is null
        ? new TimeOnly(Kind switch { QuietHours => 9, Birthday => 10, _ => 0 }, 0)
        : TimeOnly.ParseExact(Time, "HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Adds one sentence per wrong setting.</summary>
    public void Validate(ICollection<string> errors)
    {
        if (Kind is not (QuietHours or Birthday or Expiry))
        {
            errors.Add($"storm.kind is \"{Kind}\"; it must be {QuietHours}, {Birthday} or {Expiry}.");
        }
        var isTime = TimeOnly.TryParseExact(Time, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        if (Time is not null && (Kind == Expiry || !isTime))
        {
            errors.Add($"storm.time is \"{Time}\"; it must be HH:MM, and none for {Expiry}.");
        }
        if (Members is < 1 or > 5_000_000) errors.Add($"storm.members is {Members}; it must be 1 to 5000000.");
        if (LeadSeconds is < 10 or > 3_000) errors.Add($"storm.leadSeconds is {LeadSeconds}; it must be 10 to 3000.");
    }
}

/// <summary>One event of a storm's member: its fields beyond id, member, time and kind as JSON.</summary>
public readonly record struct StormEvent(Topic Topic, string Kind, string Id, long At, string Fields);
