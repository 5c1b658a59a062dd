using System.Net;
using System.Net.Sockets;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>What a person reads when the program cannot start.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_missing_library_gives_one_sentence_with_the_command_to_run()
    {
        var error = await FailAsync([], ("STREAMING_CHDB", "/nowhere/libchdb.so"));
        Assert.Equal("local-clickhouse ended with code 1: local-clickhouse: The ClickHouse engine (libchdb.so) is not at " +
            "/nowhere/libchdb.so: run deploy/setup, which fetches it (or set STREAMING_CACHE to the folder it was fetched to).", error);
    }

    [Fact]
    public async Task A_port_in_use_gives_one_sentence_that_says_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var error = await FailAsync(["--port", $"{port}"]);

        Assert.StartsWith($"local-clickhouse ended with code 2: Port {port} on 127.0.0.1 cannot be used", error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_written_is_one_sentence()
    {
        using var folder = new TemporaryDirectory();
        var file = Path.Combine(folder.Path, "a-file");
        await File.WriteAllTextAsync(file, "");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => EmbeddedClickHouse.StartAsync(Path.Combine(file, "data")));

        Assert.Contains("code 2: The data directory", error.Message, StringComparison.Ordinal);
        Assert.Contains("choose another --data", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> FailAsync(string[] arguments, params (string Name, string Value)[] environment) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() =>
            EmbeddedClickHouse.StartAsync(arguments: arguments, environment: environment))).Message.Trim();
}
