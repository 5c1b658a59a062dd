using System.Text.Json;
using System.Xml.Linq;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Load.Reports;
using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Tests;

public class ReportTests
{
    private static readonly Spread Some = new(10, 1, 2, 3, 4, 5, 6);

    private static LoadResult Result { get; } = new(
        "a <b>", DateTimeOffset.UnixEpoch, "2 processors", ["event:view: sent 2, found <1>"], 100, 1, 1, 10, 1, 0, 0, 10, 11, 0, Some, null,
        null, Some, Some,
        [new Point(0, 50, 50, 0, -1, null, null, Some), new Point(1, 50, 50, 60, 3, Some, null, null),
            new Point(2, 0, 0, 100, 0, null, null, null)]);

    [Fact]
    public void A_report_is_read_back_as_it_was_written()
    {
        using var folder = new TestKit.TemporaryDirectory();
        var file = Path.Combine(folder.Path, "a.json");
        File.WriteAllText(file, JsonSerializer.Serialize(Result, ReportFile.Json));
        var read = Assert.Single(ReportFile.Read(folder.Path));
        Assert.Equal(Result.Seconds, read.Seconds);
        Assert.Equal(Result.Reward, read.Reward);
        Assert.Null(read.Storm);
        Assert.False(read.Exact);
    }

    [Fact]
    public void A_file_that_is_no_report_is_refused_with_a_sentence()
    {
        using var folder = new TestKit.TemporaryDirectory();
        Assert.Contains("holds no report", Assert.Throws<CommandException>(() => ReportFile.Read(folder.Path)).Message,
            StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.Path, "a.json"), "nothing");
        Assert.Contains("is no report", Assert.Throws<CommandException>(() => ReportFile.Read(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Service_levels_judge_the_whole_run_or_the_time_after_warm_up()
    {
        var slow = new Spread(10, 100, 200, 300, 400, 500, 600);
        var run = Result with { Reward = slow, WarmUpSeconds = 30, Warm = new Latencies(Some, null, null, Some, Some) };
        Assert.Equal((300, 3), (run.Findings(afterWarmUp: false).RewardP99Ms, run.Findings(afterWarmUp: true).RewardP99Ms));
        Assert.Equal(Result.Findings(afterWarmUp: false), Result.Findings(afterWarmUp: true));
        Assert.Contains("without the first 30 s", HtmlReport.Write(run, []), StringComparison.Ordinal);
        Assert.DoesNotContain("without the first", HtmlReport.Write(Result, []), StringComparison.Ordinal);
        Assert.Equal(run.Warm, JsonSerializer.Deserialize<LoadResult>(JsonSerializer.Serialize(run, ReportFile.Json),
            ReportFile.Json)!.Warm);
    }

    [Fact]
    public void The_HTML_report_is_one_file_names_every_miss_and_escapes_text()
    {
        var page = HtmlReport.Write(Result, ["lag at the end: 7 records, at most 0 wanted"]);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Contains("found &lt;1&gt;", page, StringComparison.Ordinal);
        Assert.Contains("lag at the end: 7 records", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        foreach (var svg in page.Split("<svg").Skip(1))
        {
            XElement.Parse("<svg" + svg[..(svg.IndexOf("</svg>", StringComparison.Ordinal) + 6)]);
        }
    }
}
