using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Contract.Messages;
using Streaming.Engine.Storing;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Running;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Replay;

/// <summary>Order of times, sorting in bounded memory, and the files a replay leaves beside its data.</summary>
public sealed class ReplayOrderTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Visits = """
        topic: clicks
        at: { column: when, format: epoch-milliseconds }
        kinds: [{ kind: view }]
        disorderMinutes: 1
        fields: { id: "{row}", member: "{who}" }

        """;

    private readonly ReplayFiles files = new();

    [Fact]
    public void Sorting_keeps_all_rows_in_time_order_for_any_memory_limit()
    {
        Prop.ForAll(Gen.Choose(0, 40).ListOf().ToArbitrary(), Gen.Choose(1, 2000).ToArbitrary(), (seconds, bytes) =>
        {
            var path = files.Write("v.csv",
                "when,who\n" + string.Concat(seconds.Select((second, i) => $"{1_000_000_000L + (second * 1000)},m{i}\n")));
            var replay = files.Open(new ReplayLimits { SortBytes = bytes },
                new ReplayFile(path, ReplayFiles.Mapping(Visits + "sort: true")));
            var sorted = replay.Read().Select(row => row.Row).ToList();
            var expected = seconds.Select((second, i) => (second, Row: i + 1L)).OrderBy(pair => pair.second).ThenBy(pair => pair.Row)
                .Select(pair => pair.Row);
            return sorted.SequenceEqual(expected) && replay.Counts[0].Late == 0
                && !Directory.EnumerateFiles(files.Path, "*.run", SearchOption.AllDirectories).Any();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_file_out_of_order_says_so_before_it_is_sent()
    {
        var order = Order("1000000000,a\n1000200000,a\n1000150000,a\n1000100000,a\n1000300000,a\n");
        Assert.Equal((5L, 2L, 1L, 100_000L, 4L, false),
            (order.Timed, order.Earlier, order.Late, order.LargestStepBackMs, order.FirstLine, order.NewestFirst));
        Assert.True(Order("1000300000,a\n1000200000,a\n1000100000,a\n1000000000,a\n").NewestFirst);
        Assert.Equal(0, Order("1000000000,a\nx,a\n1000000000,a\n4102444800000,a\n1000000001,a\n").Earlier);
    }

    [Fact]
    public void Rejected_rows_are_listed_with_reason_and_line_in_a_private_file()
    {
        var path = files.Write("v.csv", "when,who\n1500000000000,a\n1500000000000,a\n\nyesterday,\"b\nb\"\n1500000000000,\n1,2,3\n");
        var list = Path.Combine(files.Path, "rejected.jsonl");
        File.WriteAllText(list, "of before");
        var replay = files.Open(new ReplayFile(path, ReplayFiles.Mapping(Visits)));
        using (var rejected = RejectedRows.Create(list))
        {
            Assert.Equal(5, replay.Read(rejected).Count());
            Assert.Equal(4, rejected.Count);
        }

        var lines = File.ReadAllLines(list).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([("duplicate-row", 3), ("id-invalid", 5), ("member-missing", 7), ("too-many-columns", 8)],
            lines.Select(line => (line.GetProperty("reason").GetString()!, line.GetProperty("line").GetInt32())));
        Assert.Equal("""{"when":"yesterday","who":"b\nb"}""", lines[1].GetProperty("values").GetRawText());
        Assert.Equal(("v.csv", "member", 3),
            (lines[1].GetProperty("file").GetString(), lines[1].GetProperty("field").GetString(), lines[1].GetProperty("row").GetInt32()));
        Assert.Equal(Private, ModeOf(list));
        Assert.Equal([("id-invalid", 1L), ("member-missing", 1)], replay.Counts[0].Rejected.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void A_mapping_that_fits_no_row_is_reported_as_the_cause()
    {
        var path = files.Write("v.csv", "day,who,what\n30.02.2024 12:00,a,seen\n01.02.2024 12:00,a,other\n");
        var list = Path.Combine(files.Path, "rejected.jsonl");
        const string Mapping = """
            topic: clicks
            at: { column: day, format: "dd.MM.yyyy HH:mm" }
            kinds: [{ kind: view, column: what, matches: "^seen$" }]
            fields: { id: "{row}", member: "{who}", target: x }
            """;
        using (var rejected = RejectedRows.Create(list)) Assert.Equal(2, files.Open(new ReplayFile(path, ReplayFiles.Mapping(Mapping)))
            .Read(rejected).Count());
        var lines = File.ReadAllLines(list).Select(line => JsonDocument.Parse(line).RootElement);
        Assert.Equal(
            [("at-invalid", "The time does not fit what the mapping says under at."), ("kind-missing", "No rule under kinds in the " +
            "mapping fits the row.")],
            lines.Select(line => (line.GetProperty("reason").GetString()!, line.GetProperty("sentence").GetString()!)));
    }

    [Fact]
    public void The_list_of_rejected_rows_is_cut_off_with_a_note()
    {
        var path = files.Write("v.csv", "when,who\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"x{i},a\n")));
        var list = Path.Combine(files.Path, "rejected.jsonl");
        using (var rejected = RejectedRows.Create(list, most: 1000))
        {
            Assert.Equal(50, files.Open(new ReplayFile(path, ReplayFiles.Mapping(Visits))).Read(rejected).Count());
        }

        Assert.True(new FileInfo(list).Length < 1500);
        Assert.Contains("This file is full", File.ReadAllLines(list)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Repeated_effects_are_written_to_the_files_once()
    {
        var directory = Path.Combine(files.Path, "effects");
        using (var effects = new EffectFiles(directory))
        {
            effects.Add(OutputTopic.Rewards, "{\"id\":\"a\",\"x\":1}"u8);
            effects.Add(OutputTopic.Rewards, "{\"id\":\"a\",\"x\":1}"u8);
            effects.Add(OutputTopic.Signals, "{\"id\":\"s\"}"u8);
        }

        var path = Path.Combine(directory, "rewards.jsonl");
        File.AppendAllText(path, "{\"id\":\"b\",\"cut of");
        using (var effects = new EffectFiles(directory))
        {
            effects.Add(OutputTopic.Rewards, "{\"id\":\"a\",\"x\":1}"u8);
            effects.Add(OutputTopic.Rewards, "{\"id\":\"b\",\"x\":2}"u8);
        }

        Assert.Equal(["{\"id\":\"a\",\"x\":1}", "{\"id\":\"b\",\"x\":2}"], File.ReadAllLines(path));
        Assert.Equal(Private, ModeOf(path));
        Assert.False(File.Exists(Path.Combine(directory, "signals.jsonl")));
    }

    [SkippableFact]
    public async Task An_effect_that_was_written_at_the_second_attempt_is_remembered_as_long_as_any_other()
    {
        var directory = Path.Combine(files.Path, "small");
        Directory.CreateDirectory(directory);
        var mounted = await ExternalProgram.RunAsync("mount", ["-t", "tmpfs", "-o", "size=32m,mode=700", "none", directory]);
        Skip.If(mounted.ExitCode != 0, $"No file system can be mounted here: {mounted.Errors}");
        try
        {
            using (var effects = new EffectFiles(directory))
            {
                var ballast = Path.Combine(directory, "ballast");
                Ballast.Fill(ballast);
                Assert.Throws<StoreException>(() => effects.Add(OutputTopic.Rewards, "{\"id\":\"a\"}"u8));
                File.Delete(ballast);
                effects.Add(OutputTopic.Rewards, "{\"id\":\"a\"}"u8);
                for (var n = 1; n < EffectFiles.IdsKept; n++)
                {
                    effects.Add(OutputTopic.Rewards, Encoding.UTF8.GetBytes($"{{\"id\":\"{n}\"}}"));
                }

                effects.Add(OutputTopic.Rewards, "{\"id\":\"a\"}"u8);
            }

            Assert.Equal(EffectFiles.IdsKept, File.ReadLines(Path.Combine(directory, "rewards.jsonl")).Count());
        }
        finally
        {
            await ExternalProgram.RunAsync("umount", [directory]);
        }
    }

    [Fact]
    public void The_fingerprint_changes_with_rows_and_mapping_only()
    {
        var (a, b, moved) = (files.Write("a.csv", "when,who\n1,a\n2,b\n"), files.Write("b.csv", "when,who\n2,b\n1,a\n"),
            files.Write("moved.csv", "when,who\n1,a\n2,b\n"));
        var other = Visits.Replace("disorderMinutes: 1", "disorderMinutes: 2", StringComparison.Ordinal);
        var prints = new[] { (a, Visits), (moved, Visits), (b, Visits), (a, other) }
            .Select(pair => files.Open(new ReplayFile(pair.Item1, ReplayFiles.Mapping(pair.Item2))).Fingerprint).ToList();
        Assert.Equal(prints[0], prints[1]);
        Assert.Equal(3, prints.Distinct().Count());
    }

    public void Dispose() => files.Dispose();

    private TimeOrder Order(string rows) =>
        files.Open(new ReplayFile(files.Write("v.csv", "when,who\n" + rows), ReplayFiles.Mapping(Visits))).Orders[0];

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);
}
