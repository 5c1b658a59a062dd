using System.Text.Json;
using Streaming.TestKit;

namespace Streaming.Integration.Replay;

/// <summary>The count that a replay is held against reads a mapping's patterns as the program does, or says that it cannot.</summary>
public sealed class ReplayCheckTests
{
    [Theory]
    [InlineData("(?i)^sale$", 0)]
    [InlineData("^sale$", 1)]
    public async Task Options_at_the_front_of_a_pattern_hold_in_the_count_too(string pattern, int withoutKind)
    {
        var counted = await CountAsync(pattern);
        Assert.True(counted.ExitCode == 0, counted.Errors);
        Assert.Equal($"{withoutKind}", counted.Output.Trim());
    }

    [Fact]
    public async Task A_pattern_that_JavaScript_reads_differently_is_refused()
    {
        var refused = await CountAsync(@"\Asale\z");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains(@"cannot count with the pattern \Asale\z", refused.Errors, StringComparison.Ordinal);
    }

    /// <summary>Counts two rows, of type sale and of type SALE, and prints how many fit no kind.</summary>
    private static async Task<ToolResult> CountAsync(string pattern)
    {
        using var files = new TemporaryDirectory();
        var (rows, script) = (Path.Combine(files.Path, "rows.csv"), Path.Combine(files.Path, "count.mjs"));
        await File.WriteAllTextAsync(rows, "id,at,type\n1,1500000000000,sale\n2,1500000000000,SALE\n");
        var mapping = JsonSerializer.Serialize(new
        {
            at = new { column = "at", format = "epoch-milliseconds" },
            kinds = new[] { new { kind = "view", column = "type", matches = pattern } },
            fields = new { id = "{id}", member = "{id}" },
        });
        await File.WriteAllTextAsync(script, $$"""
            import { count } from "{{Path.Combine(StreamingProgram.Repository, "deploy", "replay-check.d", "count.mjs")}}";
            const schema = { properties: { id: { maxLength: 64, description: "" }, member: { maxLength: 128, description: "" } }, required: [] };
            console.log((await count("{{rows}}", {{mapping}}, schema)).rejects.get("kind-missing") ?? 0);
            """);
        return await Tool.RunAsync("node", [script]);
    }
}
