using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.App;

/// <summary>Whatever a user gives that cannot be used: a sentence that names it, exit code 2, nothing begun, never a stack trace.</summary>
public sealed partial class WrongUsageTests(WrongUsageTests.UnusableInputs around) : IClassFixture<WrongUsageTests.UnusableInputs>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string fresh = Path.Combine(around.Folder, Guid.NewGuid().ToString("N"));

    /// <summary>Words of a command line, and what its answer must name. {dir} is a folder, {file} a file of one word, {new} a folder that
    /// is not there, {port} a port in use.</summary>
    public static TheoryData<string, string> Cases { get; } = new()
    {
        { "", "Required command" },
        { "upp", "upp" },
        { "up --unknown", "--unknown" },
        { "up more", "more" },
        { "up --kafka-port x", "--kafka-port takes a port" },
        { "up --kafka-port 70000", "0 to 65535" },
        { "up --ops-port -1", "--ops-port" },
        { "up --data", "--data" },
        { "up --data {empty}", "--data is empty" },
        { "up --data {new} --kafka {empty}", "--kafka is empty; give HOST:PORT" },
        { "up --data {new} --kafka {blank}", "--kafka is empty" },
        { "up --data {new} --clickhouse {empty} --rules {empty}", "--rules is empty; give FILE" },
        { "up --data {file}", "{file}" },
        { "up --data {file}/x", "{file}/x" },
        { "up --data /proc/none", "/proc/none" },
        { "up --data {new} --rules {dir}/none.yaml", "none.yaml" },
        { "up --data {new} --rules {dir}", "{dir}" },
        { "up --data {new} --rules {file}", "{file}" },
        { "up --data {new} --kafka nonsense", "host:port" },
        { "up --data {new} --kafka a:0", "host:port" },
        { "up --data {new} --clickhouse nonsense", "http://" },
        { "up --data {new} --clickhouse ftp://x", "http://" },
        { "up --data {new} --kafka-port {port}", "{port}" },
        { "up --data {new} --clickhouse-port {port}", "{port}" },
        { "broker", "--data" },
        { "broker --data {new} --port {port}", "{port}" },
        { "broker --data {new} --port x", "--port takes a port" },
        { "broker --data {new} --topics a", "name:partitions" },
        { "broker --data {new} --heap-mb 1", "128" },
        { "broker --data {empty}", "--data takes the path of a folder" },
        { "dead-letters list", "`streaming dead-letters list --help`" },
        { "dead-letters list --kafka 127.0.0.1:9", "Kafka at 127.0.0.1:9 does not answer" },
        { "dead-letters redrive --kafka 127.0.0.1:9", "Kafka at 127.0.0.1:9 does not answer" },
        { "dead-letters redrive --dry-run --kafka 127.0.0.1:9", "Kafka at 127.0.0.1:9 does not answer" },
        { "dead-letters list --kafka nonsense", "host:port" },
        { "dead-letters list --kafka {empty}", "--kafka is empty" },
        { "dead-letters redrive --kafka {empty} --topic-prefix {empty}", "--kafka is empty" },
        { "parked list --data {empty}", "--data is empty" },
        { "skip --data {empty} --topic clicks --partition 0 --offset 1", "--data is empty" },
        { "generations list --clickhouse {empty}", "--clickhouse is empty" },
        { "dead-letters list --kafka 127.0.0.1:9 --topic-prefix a/b", "TopicPrefix" },
        { "dead-letters list --kafka 127.0.0.1:9 --skip -1", "--skip takes a whole number from 0" },
        { "dead-letters redrive --kafka 127.0.0.1:9 --most 0", "--most takes a whole number from 1" },
        { "generations list --clickhouse nonsense", "http://" },
        { "generations list --clickhouse http://127.0.0.1:9", "127.0.0.1:9" },
        { "generations drop x --clickhouse http://127.0.0.1:9", "whole number" },
        { "replay", "--data" },
        { "replay {file} --data {new}", "FILE=MAPPING" },
        { "replay {file}=ubuntu-irc --data {new} --kafka {empty}", "--kafka is empty" },
        { "replay {dir}/none.csv=ubuntu-irc --data {new}", "none.csv" },
        { "replay {file}=nothing --data {new}", "nothing" },
        { "replay {file}={dir} --data {new}", "{dir}" },
        { "replay {file}=ubuntu-irc --data {file}", "{file}" },
        { "replay {file}=ubuntu-irc --data {new} --speed x", "--speed takes a number from 0" },
        { "replay {file}=ubuntu-irc --data {new} --speed -1", "--speed takes a number from 0" },
        { "replay {file}=ubuntu-irc --data {new} --speed NaN", "--speed takes a number from 0" },
        { "replay {file}=ubuntu-irc --data {new} --speed Infinity", "--speed takes a number from 0" },
        { "replay /dev/zero=ubuntu-irc --data {new}", "/dev/zero is a device, not a regular file" },
        { "replay {file}=/dev/zero --data {new}", "/dev/zero is a device, not a regular file" },
        { "up --data {new} --rules /dev/zero", "/dev/zero is a device, not a regular file" },
        { "dead-letters list --kafka 127.0.0.1:9 --reason not-jsom", "(did you mean 'not-json'?)" },
        { "dead-letters redrive --kafka 127.0.0.1:9 --topic bogus", "--topic takes one of clicks, purchases, chats, members, signals" },
    };

    /// <summary>The same for the program <c>local-clickhouse</c>.</summary>
    public static TheoryData<string, string> ClickHouseCases { get; } = new()
    {
        { "", "--data" },
        { "--data {empty}", "--data takes the path of a folder" },
        { "--data {file}", "{file}" },
        { "--data {new} --readers x", "--readers takes a whole number, not 'x'" },
        { "--data {new} --readers 0", "--readers is 0" },
        { "--data {new} --port 70000", "--port is 70000" },
        { "--data {new} --listen nonsense", "--listen is 'nonsense'" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_wrong_command_line_gives_one_sentence_and_exit_code_2(string line, string names)
    {
        CheckBeginning(line, names, await RunAsync(Words(line)));
    }

    [Theory]
    [MemberData(nameof(ClickHouseCases))]
    public async Task A_wrong_command_line_of_local_clickhouse_gives_one_sentence_and_exit_code_2(string line, string names)
    {
        using var program = StreamingProgram.StartClickHouse(Words(line));
        CheckBeginning(line, names, await WrongUsage.ErrorTextAsync(program));
    }

    [Theory]
    [InlineData("STREAMING__Nope", "1", "Nope is not a setting")]
    [InlineData("STREAMING__Ops__Port", "x", "Ops:Port")]
    [InlineData("STREAMING__Ops__ApiKey", "short", "Ops:ApiKey is shorter")]
    [InlineData("STREAMING__Host__ClickHouse__Timeout", "10000", "it must be a time such as 00:00:30")]
    [InlineData("STREAMING__Ops__Address", "0.0.0.0", "Ops:ApiKey")]
    [InlineData("STREAMING__PseudonymKey", "zz", "PseudonymKey")]
    [InlineData("STREAMING__TopicPrefix", "a b", "TopicPrefix")]
    [InlineData("STREAMING__Host__Kafka__Client__no.such", "1", "no.such")]
    [InlineData("KAFKA_HOME", "/none", "KAFKA_HOME names /none")]
    public async Task A_wrong_setting_gives_one_sentence_and_exit_code_2(string name, string value, string names) =>
        Assert.Contains(names, await RunAsync(["up", "--data", fresh], (name, value)), StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_broker_is_logged_while_it_is_retried_and_then_ends_the_start()
    {
        using var program = StreamingProgram.Start(["up", "--data", fresh, "--kafka", "127.0.0.1:9"]);
        var output = program.StandardOutput;
        while (await output.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            // Said while it is still tried: a broker that starts at the same time is waited for.
            if (line.Contains("Kafka at 127.0.0.1:9 does not answer", StringComparison.Ordinal)) break;
        }

        Assert.False(program.HasExited);
        Assert.Contains("Kafka at 127.0.0.1:9 does not answer", await WrongUsage.ErrorTextAsync(program), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replay_that_cannot_begin_leaves_the_data_directory_as_it_was(bool isThere)
    {
        if (isThere)
        {
            Directory.CreateDirectory(fresh);
            await File.WriteAllTextAsync(Path.Combine(fresh, "mine"), "x");
        }

        var said = await RunAsync(["replay", $"{Path.Combine(around.Folder, "file")}=ubuntu-irc", "--data", fresh]);
        Assert.Contains("has no column", said, StringComparison.Ordinal);
        if (isThere) Assert.Equal("mine", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(fresh))));
        else Assert.False(Directory.Exists(fresh));
    }

    [Fact]
    public async Task Every_line_of_the_log_begins_with_its_time_in_utc()
    {
        using var program = StreamingProgram.Start(["up", "--data", fresh, "--kafka", "127.0.0.1:9"]);
        var errors = program.StandardError.ReadToEndAsync();
        var lines = (await program.StandardOutput.ReadToEndAsync().WaitAsync(Patience)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await errors;
        await program.WaitForExitAsync();
        Assert.Contains(lines, line => line.Contains("Kafka at 127.0.0.1:9 does not answer", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Matches(Timed(), line));
    }

    private IEnumerable<string> Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Fill);

    private void CheckBeginning(string line, string names, string said)
    {
        Assert.Contains(Fill(names), said, StringComparison.Ordinal);
        // Whether a port is free is known when it is taken, by which time the directory is there.
        if (!line.Contains("{port}", StringComparison.Ordinal)) Assert.False(Directory.Exists(fresh), "something was begun");
    }

    private static Task<string> RunAsync(IEnumerable<string> words, params (string Name, string Value)[] environment) =>
        WrongUsage.ErrorTextAsync(StreamingProgram.Assembly, words, environment);

    private string Fill(string text) =>
        text.Replace("{empty}", "", StringComparison.Ordinal).Replace("{blank}", " ", StringComparison.Ordinal)
        .Replace("{new}", fresh, StringComparison.Ordinal)
        .Replace("{file}", Path.Combine(around.Folder, "file"), StringComparison.Ordinal)
        .Replace("{dir}", around.Folder, StringComparison.Ordinal)
        .Replace("{port}", $"{around.Port}", StringComparison.Ordinal);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warn|fail|crit): ")]
    private static partial Regex Timed();

    /// <summary>What a user's machine has that cannot be used.</summary>
    public sealed class UnusableInputs : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("usage-");
        private readonly TcpListener busy = new(IPAddress.Loopback, 0);

        public UnusableInputs()
        {
            busy.Start();
            File.WriteAllText(Path.Combine(folder.FullName, "file"), "hello");
        }

        public string Folder => folder.FullName;

        public int Port => ((IPEndPoint)busy.LocalEndpoint).Port;

        public void Dispose()
        {
            busy.Stop();
            folder.Delete(recursive: true);
        }
    }
}
