namespace Streaming.Engine.Views;

/// <summary>A check-in streak, in days of the member's own time zone.</summary>
/// <param name="Days">Length of the latest one.</param>
/// <param name="Longest">Length of the longest one.</param>
public sealed record StreakView(int Days, int Longest);
