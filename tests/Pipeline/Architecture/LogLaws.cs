using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Architecture;

/// <summary>What the programs log: each message is defined once, in the LogMessages.cs of its folder, with a unique event id.</summary>
public partial class LogLaws
{
    private const string FileName = "LogMessages.cs";

    /// <summary>Rooms that both hosts use, whose settings stand at different places in the two.</summary>
    private static readonly string[] Shared = ["Common", "Contract", "Engine", "Kafka", "ClickHouse", "Ops"];

    public static TheoryData<string> LoggingRooms => [.. Logging()];

    [Fact]
    public void Every_log_call_is_a_method_of_the_rooms_LogMessages()
    {
        var files = RoomLaws.Order.SelectMany(Sources).Where(file => Path.GetFileName(file) != FileName).ToList();
        Assert.True(files.Count > 400, $"Only {files.Count} files were found.");
        Assert.Empty(files.Where(file => LogsByItself(File.ReadAllText(file))).Select(SourceTree.Relative));
    }

    [Theory]
    [MemberData(nameof(LoggingRooms))]
    public void Event_ids_ascend_within_the_thousand_of_their_room(string room)
    {
        var (first, last) = Range(room);
        var ids = Messages(room).Select(message => message.Id).ToList();
        Assert.NotEmpty(ids);
        Assert.All(ids, id => Assert.InRange(id, first + 1, last));
        Assert.Equal(ids.Distinct().Order(), ids);
    }

    [Fact]
    public void Event_id_ranges_follow_the_order_of_rooms_and_are_documented()
    {
        var rooms = Logging().ToList();
        Assert.True(rooms.Count > 5, $"Only {string.Join(", ", rooms)} log.");
        var firsts = rooms.Select(room => Range(room).First).ToList();
        Assert.Equal(firsts.Distinct().Order(), firsts);
        Assert.All(rooms, room => Assert.Equal((0, 999), (Range(room).First % 1_000, Range(room).Last - Range(room).First)));
        var documented = SourceTree.Read("docs", "ops.md");
        Assert.All(rooms, room => Assert.Contains($"{Range(room).First} to {Range(room).Last}", documented, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(LoggingRooms))]
    public void A_log_text_is_one_sentence_in_one_literal(string room)
    {
        var source = File.ReadAllText(MessagesOf(room));
        var messages = Messages(room);
        Assert.Equal(source.Split("[LoggerMessage").Length - 1, messages.Count); // all have this form: number, level, one text
        Assert.Empty(messages.Where(message => !IsSentence(message.Text)).Select(message => $"{message.Id}: {message.Text}"));
    }

    /// <summary>What is <c>Host:Kafka:Bootstrap</c> to the one program is <c>Kafka:Bootstrap</c> to
    /// the other: a room of both says "Bootstrap of Kafka". Commands have different programs, too.</summary>
    [Fact]
    public void Log_texts_of_shared_rooms_name_no_setting_or_command_of_one_host()
    {
        Assert.Empty(Shared.SelectMany(Sources).Where(file => IsOfOneHost(File.ReadAllText(file))).Select(SourceTree.Relative));
        Assert.Empty(Logging().Intersect(Shared).SelectMany(Messages)
            .Where(message => OneProgram().IsMatch(message.Text)).Select(message => message.Text));
    }

    [Theory]
    [InlineData("it stops", false)]
    [InlineData("{Topic} is read.", false)]
    [InlineData("It stops", false)]
    [InlineData("It stops.", true)]
    [InlineData("It stops: {Reason}", true)]
    public void The_sentence_check_finds_texts_that_are_no_sentence(string text, bool isOne) => Assert.Equal(isOne, IsSentence(text));

    [Theory]
    [InlineData("log.LogError(\"It stops.\");", true)]
    [InlineData("log.Log(LogLevel.Error, \"It stops.\");", true)]
    [InlineData("[LoggerMessage(1, LogLevel.Error, \"It stops.\")]", true)]
    [InlineData("log.CommitFailed(wait, e.Message); Math.Log(2);", false)]
    public void The_log_check_finds_a_direct_log_call(string line, bool found) => Assert.Equal(found, LogsByItself(line));

    [Theory]
    [InlineData("raise Host:Parked:Items", true)]
    [InlineData("(setting ClickHouse:Url)", true)]
    [InlineData("(setting Url of ClickHouse, Ops:Port) HostMode: Kafka: ClickHouse::X", false)]
    public void The_log_check_finds_a_setting_of_one_host(string text, bool found) => Assert.Equal(found, IsOfOneHost(text));

    private static bool LogsByItself(string source) => DirectLog().IsMatch(source);

    private static bool IsOfOneHost(string source) => HostPath().IsMatch(source);

    private static bool IsSentence(string text) => char.IsAsciiLetterUpper(text[0]) && (text[^1] is '.' or '}');

    private static List<(int Id, string Text)> Messages(string room) => [.. Message().Matches(File.ReadAllText(MessagesOf(room)))
        .Select(found => (int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture), found.Groups[2].Value))];

    private static (int First, int Last) Range(string room)
    {
        var found = Thousand().Match(File.ReadAllText(MessagesOf(room)));
        Assert.True(found.Success, $"{FileName} of {room} does not say which event ids are its own.");
        return (int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            int.Parse(found.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
    }

    private static IEnumerable<string> Logging() => RoomLaws.Order.Where(room => File.Exists(MessagesOf(room)));

    private static string MessagesOf(string room) => Path.Combine(RoomLaws.FolderOf(room), FileName);

    private static IEnumerable<string> Sources(string room) =>
        Directory.EnumerateFiles(RoomLaws.FolderOf(room), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Built().IsMatch(file));

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(|\.Log\(LogLevel|LoggerMessage")]
    private static partial Regex DirectLog();

    [GeneratedRegex(@"\[LoggerMessage\((\d+), LogLevel\.\w+,\s+""((?:[^""\\]|\\.)+)""\)\]")]
    private static partial Regex Message();

    [GeneratedRegex(@"Event ids (\d+) to (\d+)")]
    private static partial Regex Thousand();

    [GeneratedRegex(@"\b(Host|Kafka|ClickHouse|Commit|Shards|Parked|Sender|Blocks|Members|Sending|Storage|Silo):[A-Z][a-z]")]
    private static partial Regex HostPath();

    [GeneratedRegex(@"\bstreaming(-silo)? [a-z]")]
    private static partial Regex OneProgram();

    [GeneratedRegex("/(bin|obj)/")]
    private static partial Regex Built();
}
