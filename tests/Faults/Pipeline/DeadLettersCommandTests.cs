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
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = pipeline.Kafka, Acks = Acks.All }).SetLogHandler((_, _) => { }).Build();
        await producer.ProduceAsync("shop.clicks", new Message<string, string> { Key = "ann", Value = "{not json" });

        await pipeline.UntilAsync(async () => (await ListAsync(pipeline)).Length == 1);
        var letter = Assert.Single(await ListAsync(pipeline));
        Assert.StartsWith("clicks/", letter, StringComparison.Ordinal);
        Assert.EndsWith("not-json  {not json", letter, StringComparison.Ordinal);
        Assert.Empty(await ListAsync(pipeline, "--reason", "too-large"));

        var redriven = await RunAsync(pipeline, "redrive");
        Assert.Equal((0, "1 records sent again.\n"), (redriven.ExitCode, redriven.Output));
        await pipeline.UntilAsync(async () => (await ListAsync(pipeline)).Length == 2); // read from its own topic again, and as wrong as before
        Assert.Equal(0, await pipeline.StopAsync());
    }

    private static async Task<string[]> ListAsync(RunningPipeline pipeline, params string[] more)
    {
        var listed = await RunAsync(pipeline, "list", more);
        Assert.True(listed.ExitCode == 0, listed.Errors);
        return listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Task<ToolResult> RunAsync(RunningPipeline pipeline, string command, params string[] more) =>
        Tool.RunAsync("dotnet", [StreamingProgram.Assembly, "dead-letters", command, "--kafka", pipeline.Kafka, "--topic-prefix", "shop.", .. more]);
}
