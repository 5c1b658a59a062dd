using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Common.Escaping;
using Streaming.Common.Logs;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Ops;

public class LogLinesTests
{
    private static readonly string[] Parts =
    [
        "a", "é", "😀", "\u001b[2J", "\u001b]52;c;aWQ=\u0007", "\n", "\r", "\r\n", "\u009b", "\u202e", "\u2028", "\ud83d", "\0", "\b",
        "\u0085", "\u200b",
        " ", "{", "}",
    ];

    private static readonly Gen<string> Hostile =
        from parts in Gen.Elements(Parts).ListOf()
        select string.Concat(parts);

    [Fact]
    public void A_log_message_is_one_line_without_control_characters() =>
        Prop.ForAll(Hostile.ToArbitrary(), Hostile.ToArbitrary(), Hostile.ToArbitrary(), (category, text, fault) =>
        {
            var line = Line(category, text, new InvalidOperationException(fault));
            return line.EndsWith('\n') && line[..^1].EnumerateRunes().All(rune => !Unprintable.Is(rune));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_log_line_has_time_level_category_text_and_exception()
    {
        var line = Line("Streaming.Source", "topic \u001b[31mclicks\nis new", new InvalidOperationException("why"));
        Assert.Equal("2026-11-30T14:50:33.404Z warn: Streaming.Source[7] topic \\u{1b}[31mclicks is new " +
            "System.InvalidOperationException: why\n", line);
    }

    /// <summary>Whatever program is written next: its log goes through the same lines.</summary>
    [Fact]
    public void Every_program_uses_AddLines_for_its_log()
    {
        var hidden = $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}";
        string[] folders = ["pipeline", "grains", "loadtests"];
        var sources = folders.Select(folder => Path.Combine(StreamingProgram.Repository, folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Contains(hidden, StringComparison.Ordinal))
            .Select(path => (Path: path, Text: File.ReadAllText(path))).ToList();
        string[] others = ["AddSimpleConsole(", "AddSystemdConsole(", "AddJsonConsole(", "WebApplication.CreateBuilder(",
            "Host.CreateDefaultBuilder("];
        Assert.Empty(sources.Where(s => others.Any(o => s.Text.Contains(o, StringComparison.Ordinal))).Select(s => s.Path));
        var made = sources.Where(s => s.Text.Contains("LoggerFactory.Create(", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(made);
        Assert.All(made, s => Assert.True(
            s.Text.Contains(".AddLines()", StringComparison.Ordinal)
                || s.Text.Contains("LoggerFactory.Create(ProgramHost.AddLogging)", StringComparison.Ordinal), s.Path));
        var host = sources.Single(s => Path.GetFileName(s.Path) == "ProgramHost.cs").Text;
        Assert.Contains(".AddLines()", host, StringComparison.Ordinal);
    }

    private static string Line(string category, string text, Exception? fault)
    {
        var written = new StringWriter(new StringBuilder(), CultureInfo.InvariantCulture);
        var entry = new LogEntry<string>(LogLevel.Warning, category, new EventId(7), text, fault, (state, _) => state);
        new LineFormatter(new ManualClock(new DateTimeOffset(2026, 11, 30, 14, 50, 33, 404, TimeSpan.Zero))).Write(entry, null, written);
        return written.ToString();
    }
}
