using System.Globalization;
using Spectre.Console;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Running;

namespace Streaming.App.Replaying;

/// <summary>What a replay says before it begins: files that are not in the order of time, and what that changes.</summary>
internal static class ReplayNotices
{
    public static void Print(IReadOnlyList<ReplayFile> files, FileReplay replay)
    {
        for (var i = 0; i < files.Count; i++)
        {
            foreach (var sentence in Of(files[i], replay.Orders[i])) AnsiConsole.MarkupLine(Markup.Escape(sentence));
        }
    }

    /// <summary>The sentences about one file; none for one in order.</summary>
    public static IEnumerable<string> Of(ReplayFile file, TimeOrder order)
    {
        if (order.Earlier == 0) yield break;
        var minutes = file.Mapping.DisorderMinutes;
        yield return $"{Path.GetFileName(file.Path)} is not in the order of time{(order.NewestFirst ? ", but newest first" : "")}: " +
            Say($"{order.Earlier:N0} of {order.Timed:N0} rows are earlier than one before them (the first in line {order.FirstLine}), ") +
            $"by up to {Length(order.LargestStepBackMs)}.";
        if (file.Mapping.Sort) yield return "  sort: true puts them in order first.";
        else if (order.Late == 0)
            yield return Say($"  That is within disorderMinutes ({minutes}), for which silence is not judged: it changes nothing.");
        else yield return Say($"  {order.Late:N0} are late by more than disorderMinutes ({minutes}): members fall due before them as if ") +
            "these rows did not exist, so alerts, stages and streaks may differ from those of a sorted file. sort: true in the mapping " +
            "puts the rows in order first.";
    }

    private static string Length(long milliseconds)
    {
        var length = TimeSpan.FromMilliseconds(milliseconds);
        if (length.TotalDays >= 2) return Say($"{length.TotalDays:N0} days");
        return length.TotalMinutes >= 2 ? Say($"{length.TotalMinutes:N0} minutes") : Say($"{length.TotalSeconds:0.###} seconds");
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
