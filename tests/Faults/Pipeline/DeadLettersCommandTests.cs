using Confluent.Kafka;
using Streaming.TestKit;

namespace Streaming.Faults.Pipeline;

/// <summary><c>streaming dead-letters</c> against an installation whose topics have a prefix.</summary>
public sealed class DeadLettersCommandTests
{
    [Fact]
    public async Task Dead_letters_are_listed_and_sent_again_under_the_installations_prefix()
    {
        using var files = new TemporaryDirectory();
        await using var pipeline = await RunningPipeline.StartAsync(files.Path, KafkaKind.Mock, ("STREAMING__TopicPrefix", "shop."));
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = pipeline.Kafka, Acks = Acks.All })
            .SetLogHandler((_, _) => { }).Build();
        await producer.ProduceAsync("shop.clicks", new Message<string, string> { Key = "ann", Value = "{not json" });

        await pipeline.UntilAsync(async () => (await ListAsync(pipeline)).Length == 1);
        var letter = Assert.Single(await ListAsync(pipeline));
        Assert.StartsWith("clicks/", letter, StringComparison.Ordinal);
        Assert.EndsWith("not-json  {not json", letter, StringComparison.Ordinal);
        Assert.Empty(await ListAsync(pipeline, "--reason", "too-large"));

        var planned = await RunAsync(pipeline, "redrive", "--dry-run");
        Assert.Contains("1 records would be sent again.", planned.Output, StringComparison.Ordinal);
        var redriven = await RunAsync(pipeline, "redrive");
        Assert.Equal((0, "1 records sent again.\n"), (redriven.ExitCode, redriven.Output));
        // read from its own topic again, and as wrong as before
        await pipeline.UntilAsync(async () => (await ListAsync(pipeline, "--redriven")).Length == 2);
        Assert.Single(await ListAsync(pipeline));
        Assert.Equal(0, await pipeline.StopAsync());

        var unknown = await ExternalProgram.RunAsync("dotnet", [StreamingProgram.Assembly, "parked", "redrive", "3", "--data", files.Path]);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("There is no parked item 3", unknown.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(KafkaKinds.Embedded), MemberType = typeof(KafkaKinds))]
    public async Task Redrive_sends_each_dead_letter_once_to_its_own_topic_despite_forged_headers(KafkaKind kind)
    {
        using var files = new TemporaryDirectory();
        await using var pipeline = await RunningPipeline.StartAsync(files.Path, kind, ("STREAMING__TopicPrefix", "shop."));
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = pipeline.Kafka, Acks = Acks.All })
            .SetLogHandler((_, _) => { }).Build();
        var points = $$"""{"id":"a1","member":"eve","at":{{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}},"kind":"adjust","points":1000,"reason":"gift","approver":"eve"}""";
        var forged = new Headers
        {
            { "dead-letter-topic", "members"u8.ToArray() }, { "dead-letter-redriven", "0@0"u8.ToArray() },
                { "original-dead-letter-topic", "rewards"u8.ToArray() }, { "trace", "t"u8.ToArray() },
        };
        await producer.ProduceAsync("shop.clicks", new Message<string, string> { Key = "eve", Value = points, Headers = forged });
        await pipeline.UntilAsync(async () => (await ListAsync(pipeline)).Length == 1);
        Assert.StartsWith("clicks/", Assert.Single(await ListAsync(pipeline)), StringComparison.Ordinal);

        // what is sent again is refused again, with the same headers, and is a letter of its own
        for (var times = 1; times <= 3; times++)
        {
            Assert.Equal("1 records sent again.\n", (await RunAsync(pipeline, "redrive")).Output);
            await pipeline.UntilAsync(async () => (await ListAsync(pipeline, "--redriven")).Length == times + 1);
            var letter = Assert.Single(await ListAsync(pipeline));
            Assert.StartsWith("clicks/", letter, StringComparison.Ordinal);
        }

        Assert.Equal(0, await pipeline.PointsAsync("eve"));
        var config = new ConsumerConfig { BootstrapServers = pipeline.Kafka, GroupId = "look", AutoOffsetReset = AutoOffsetReset.Earliest };
        using var consumer = new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
        consumer.Subscribe("shop.clicks");
        for (var seen = 0; seen < 4;)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(30)) is not { } result)
                throw new TimeoutException("The records sent again are not in their topic.");
            // as its producer wrote them
            Assert.Equal(["dead-letter-topic", "dead-letter-redriven", "original-dead-letter-topic", "trace"],
                result.Message.Headers.Select(h => h.Key));
            seen++;
        }

        Assert.Equal(0, await pipeline.StopAsync());
    }

    [Fact]
    public async Task Parked_list_on_a_missing_data_directory_fails_and_creates_nothing()
    {
        using var files = new TemporaryDirectory();
        var missing = Path.Combine(files.Path, "missing");
        var listed = await ExternalProgram.RunAsync("dotnet", [StreamingProgram.Assembly, "parked", "list", "--data", missing]);
        Assert.Equal(2, listed.ExitCode);
        Assert.Contains(missing, listed.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(missing));
    }

    private static async Task<string[]> ListAsync(RunningPipeline pipeline, params string[] more)
    {
        var listed = await RunAsync(pipeline, "list", more);
        Assert.True(listed.ExitCode == 0, listed.Errors);
        return listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Task<ExternalProgramResult> RunAsync(RunningPipeline pipeline, string command, params string[] more) =>
        ExternalProgram.RunAsync("dotnet", [StreamingProgram.Assembly, "dead-letters", command, "--kafka", pipeline.Kafka,
            "--topic-prefix", "shop.",
            .. more]);
}
