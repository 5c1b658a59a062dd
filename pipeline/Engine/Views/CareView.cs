using Streaming.Members;
using Streaming.Members.CareActions;

namespace Streaming.Engine.Views;

/// <summary>Care actions of a member.</summary>
/// <param name="Held">What quiet hours hold back.</param>
/// <param name="NextGreeting">When the next greeting on its birthday is due; absent without a birthday.</param>
/// <param name="SentWithinWeek">Actions that left within the last seven days.</param>
public sealed record CareView(IReadOnlyList<HeldView> Held, string? NextGreeting, int SentWithinWeek)
{
    internal static CareView Of(Member member, long now) => new(
        [.. Care.Held(member).Select(held => new HeldView(held.Action, Time.Text(held.Until)))],
        Time.Text(member.Care.GreetingDue),
        member.Care.SentWithinWeek(now));
}

/// <summary>A care action that is held.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Until">When it is looked at again: the end of the quiet hours.</param>
public sealed record HeldView(string Action, string? Until);
