using Spectre.Console;
using Streaming.Members.Events;
using Streaming.Pipeline.Decode;
using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Replay;

namespace Streaming.App.Hosting;

/// <summary>What a replay says at its end: where every row went.</summary>
internal static class ReplaySummary
{
    public static void Print(CsvReplay replay, EmbeddedHost host, TimeSpan took, UpSettings settings)
    {
        var table = new Table().AddColumn("what").AddColumn(new TableColumn("rows").RightAligned());
        foreach (var file in replay.Counts)
        {
            table.AddRow(Markup.Escape($"rows of {Path.GetFileName(file.Path)}"), $"{file.Rows:N0}");
            table.AddRow("  exact duplicates, left out", $"{file.Duplicates:N0}");
            if (file.TooLarge > 0) table.AddRow("  too large, left out", $"{file.TooLarge:N0}");
            table.AddRow("  sent", $"{file.Sent:N0}");
            if (file.Late > 0) table.AddRow("    of them later than the mapping allows", $"{file.Late:N0}");
        }

        foreach (var (kind, count) in host.Status.Applied().Where(a => a.Key.Topic() != Topic.Signals).OrderBy(a => a.Key)) table.AddRow($"applied: {kind.Name()}", $"{count:N0}");
        foreach (var (reason, count) in host.Status.Rejected().OrderByDescending(r => r.Value)) table.AddRow($"dead letter: {reason.Name()}", $"{count:N0}");
        if (host.Status.Duplicates > 0) table.AddRow("applied before (same id)", $"{host.Status.Duplicates:N0}");
        table.AddRow("wakes acted on", $"{host.Status.Wakes:N0}");
        table.AddRow("effects", $"{host.Status.Effects:N0}");
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(Markup.Escape($"{replay.Rows:N0} rows in {took.TotalSeconds:N1} s ({replay.Rows / took.TotalSeconds:N0} rows/s). ClickHouse generation {host.Identity.Writer.Generation}."));
        if (settings.EmbeddedClickHouse) AnsiConsole.MarkupLine(Markup.Escape($"Look at it: streaming up --data {Path.GetFullPath(settings.Data)}"));
    }
}
