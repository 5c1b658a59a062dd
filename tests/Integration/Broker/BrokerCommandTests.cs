using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Streaming.Kafka.Client;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Broker;

/// <summary><c>streaming broker</c> told wrongly: one sentence that says what to do, and the exit code of whose fault it is.</summary>
public sealed class BrokerCommandTests
{
    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var ended = await RunAsync(kafkaHome: null, "--port", port);

        Assert.Equal(2, ended.ExitCode);
        Assert.Equal($"The broker cannot listen on 127.0.0.1:{port} (Address already in use); stop what uses the port or choose another " +
            $"(0 = any free one).\n", ended.Errors);
    }

    [Theory]
    [InlineData("--port", "70000", "--port takes a port, 0 to 65535, not '70000'.")]
    [InlineData("--topics", "clicks",
        "--topics: 'clicks' is not name:partitions or name:partitions:maxMessageBytes (partitions 1 to 1024).")]
    [InlineData("--topics", "clicks:0", "--topics: 'clicks:0' is not name:partitions or name:partitions:maxMessageBytes (partitions " +
        "1 to 1024).")]
    [InlineData("--topics", "clicks:4,clicks:2", "--topics: 'clicks' is named twice.")]
    [InlineData("--heap-mb", "64", "--heap-mb takes a whole number of at least 128, not '64'.")]
    public async Task A_wrong_option_gives_exit_code_2_and_names_the_option(string option, string value, string sentence)
    {
        var ended = await RunAsync(kafkaHome: null, option, value);

        Assert.Equal(2, ended.ExitCode);
        Assert.Equal(sentence, ended.Errors.Split('\n')[0]);
    }

    [Fact]
    public async Task A_KAFKA_HOME_without_Kafka_gives_exit_code_2()
    {
        using var empty = new TemporaryDirectory();

        var ended = await RunAsync(kafkaHome: empty.Path);

        Assert.Equal(2, ended.ExitCode);
        Assert.Equal($"KAFKA_HOME names {empty.Path}, which has no libs/kafka*.jar; name an Apache Kafka distribution, or unset it to " +
            $"use the broker in memory.\n", ended.Errors);
    }

    [Fact]
    public async Task A_missing_native_library_gives_exit_code_1_and_says_what_to_do()
    {
        using var empty = new TemporaryDirectory();
        var missing = Path.Combine(empty.Path, "librdkafka.so.1");

        var ended = await ExternalProgram.RunAsync("dotnet", [StreamingProgram.Assembly, "broker", "--data", empty.Path], "",
            ("STREAMING_LIBRDKAFKA", missing), ("KAFKA_HOME", null));

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal($"STREAMING_LIBRDKAFKA names {missing}, which is not a loadable librdkafka of version {KafkaNative.MinimumVersion} " +
            $"or later; correct it, or unset it to use the one beside the program.\n", ended.Errors);
    }

    private static async Task<ExternalProgramResult> RunAsync(string? kafkaHome, params string[] options)
    {
        using var data = new TemporaryDirectory();
        return await ExternalProgram.RunAsync("dotnet", [StreamingProgram.Assembly, "broker", "--data", data.Path, .. options], "",
            ("KAFKA_HOME", kafkaHome));
    }
}
