using System.Net;
using System.Net.Sockets;
using Streaming.Stores;
using Streaming.TestKit;

namespace Streaming.Faults.Pipeline;

/// <summary>A start that cannot succeed ends at once, says why in words and leaves nothing
/// behind: 2 for what the operator wrote, 1 for the rest.</summary>
public sealed class RefusedStartTests
{
    [Fact]
    public async Task All_wrong_settings_are_named_in_one_run()
    {
        using var files = new TemporaryDirectory();
        var refused = await UpAsync(
            ["--data", files.Path],
            ("STREAMING__SampleRate", "0"), ("STREAMING__Host__Commit__MaxRecords", "0"), ("STREAMING__Host__ClickHouse__Database", "a-b"),
                ("STREAMING__Host__Kafka__Partitions", "0"), ("STREAMING__TopicPrefix", "replay.mine."));
        Assert.Equal(2, refused.ExitCode);
        foreach (var named in new[] { "SampleRate", "MaxRecords", "Database", "Partitions", "TopicPrefix" })
        {
            Assert.Contains(named, refused.Errors, StringComparison.Ordinal);
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(files.Path));
    }

    [Fact]
    public async Task A_setting_that_does_not_exist_is_an_error()
    {
        using var files = new TemporaryDirectory();
        var refused = await UpAsync(["--data", files.Path], ("STREAMING__Host__Commit__MaxRecord", "10"));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("MaxRecord", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_settings_and_unreadable_values_are_named_together_with_all_other_mistakes()
    {
        using var files = new TemporaryDirectory();
        var refused = await UpAsync(
            ["--data", files.Path],
            ("STREAMING__Nonsense", "1"), ("STREAMING__Host__Commit__MaxRecord", "10"), ("STREAMING__Host__Commit__MaxRecords", "many"),
            ("STREAMING__Host__Commit__RetryFor", "long"), ("STREAMING__Host__ClickHouse__Gzip", "perhaps"), ("STREAMING__Ops", "8080"),
            ("STREAMING__SampleRate", "0"),
            ("STREAMING__Host__Kafka__Bootstrap", "no port"), ("STREAMING__Host__Kafka__Client__security.protocl", "ssl"),
                ("STREAMING__Host__Kafka__Client__acks", "7000"));
        Assert.Equal(2, refused.ExitCode);
        var told = refused.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1..];
        string[] paths =
        [
            "Nonsense is", "Host:Commit:MaxRecord is not a setting (did you mean 'MaxRecords'?)", "Host:Commit:MaxRecords is \"many\"",
            "Host:Commit:RetryFor is", "Host:ClickHouse:Gzip is", "Ops is",
            "SampleRate is", "Host:Kafka:Bootstrap is", "Host:Kafka:Client:security.protocl is", "Host:Kafka:Client:acks has",
        ];
        Assert.Equal(paths.Length, told.Length);
        foreach (var path in paths) Assert.Single(told, sentence => sentence.StartsWith(path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_mistakes_of_a_rules_file_are_named_in_one_run()
    {
        using var files = new TemporaryDirectory();
        var rules = Path.Combine(files.Path, "rules.yaml");
        await File.WriteAllTextAsync(rules, "score:\n  halfLifeDays: 0\nchurn:\n  hiatusDays: -1\n  hiatus: 3\n");
        var refused = await UpAsync(["--data", Path.Combine(files.Path, "data"), "--rules", rules]);
        Assert.Equal(2, refused.ExitCode);
        foreach (var named in new[] { "halfLifeDays", "hiatusDays", "hiatus" })
        {
            Assert.Contains(named, refused.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_wrong_setting_and_a_wrong_rules_file_are_named_in_one_run()
    {
        using var files = new TemporaryDirectory();
        var rules = Path.Combine(files.Path, "rules.yaml");
        await File.WriteAllTextAsync(rules, "score:\n  halfLifeDays: 0\n");
        var refused = await UpAsync(["--data", Path.Combine(files.Path, "data"), "--rules", rules], ("STREAMING__SampleRate", "0"),
            ("STREAMING__Nonsense", "1"));
        Assert.Equal(2, refused.ExitCode);
        var told = refused.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1..];
        foreach (var path in new[] { "SampleRate", "Nonsense", $"Rules: {rules}: " })
        {
            Assert.Single(told, sentence => sentence.StartsWith(path, StringComparison.Ordinal));
        }
        Assert.False(Directory.Exists(Path.Combine(files.Path, "data")));
    }

    [Fact]
    public async Task A_missing_rules_file_is_named_together_with_a_wrong_setting()
    {
        using var files = new TemporaryDirectory();
        var refused = await UpAsync(["--data", files.Path, "--rules", Path.Combine(files.Path, "none.yaml")],
            ("STREAMING__SampleRate", "0"));
        Assert.Equal(2, refused.ExitCode);
        foreach (var named in new[] { "none.yaml", "SampleRate" }) Assert.Contains(named, refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ops-port")]
    [InlineData("--kafka-port")]
    [InlineData("--clickhouse-port")]
    public async Task A_port_in_use_gives_exit_code_2_and_one_sentence(string option)
    {
        using var files = new TemporaryDirectory();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        IsOneSentence(await UpAsync(["--data", files.Path, option, $"{port}"]), $"{port}");
        Assert.False(File.Exists(Path.Combine(files.Path, "endpoints.json")));
    }

    [Fact]
    public async Task A_data_directory_in_use_gives_exit_code_2_and_one_sentence()
    {
        using var files = new TemporaryDirectory();
        using var held = DataDirectory.Open(files.Path);
        IsOneSentence(await UpAsync(["--data", files.Path]), files.Path);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_written_is_one_sentence()
    {
        // Below a file nobody can make a folder, not even root.
        using var files = new TemporaryDirectory();
        var file = Path.Combine(files.Path, "file");
        await File.WriteAllTextAsync(file, "");
        IsOneSentence(await UpAsync(["--data", Path.Combine(file, "data")]), file);
    }

    private static void IsOneSentence(ExternalProgramResult refused, string names)
    {
        Assert.True(refused.ExitCode == 2, $"exit code {refused.ExitCode}: {refused.Errors}");
        var said = Assert.Single(refused.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        foreach (var alarm in new[] { "warn: ", "fail: ", "crit: " })
        {
            Assert.DoesNotContain(alarm, refused.Output, StringComparison.Ordinal);
        }
        Assert.Contains(names, said, StringComparison.Ordinal);
    }

    private static Task<ExternalProgramResult> UpAsync(string[] arguments, params (string Name, string? Value)[] settings) =>
        ExternalProgram.RunAsync("dotnet", [StreamingProgram.Assembly, "up", "--no-sample", .. arguments], "", [("KAFKA_HOME", null),
            .. settings]);
}
