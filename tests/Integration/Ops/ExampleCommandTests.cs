using System.Text.Json;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Ops;

/// <summary>The command that the page offers to be copied sends the member's event and runs nothing that an id contains.</summary>
public sealed class ExampleCommandTests
{
    [Theory]
    [InlineData("ada")]
    [InlineData("a'$(touch harm)'b")]
    [InlineData("`touch harm`|\\n;&")]
    [InlineData("!\"$HOME\" 张三 😀")]
    [InlineData("-P -X x")]
    public async Task The_example_command_gives_kcat_the_exact_key_and_value(string member)
    {
        using var folder = new TemporaryDirectory();
        var command = await CommandAsync(folder.Path, member);
        var kcat = Path.Combine(folder.Path, "kcat");
        await File.WriteAllTextAsync(kcat, "#!/bin/sh\ncat\nprintf '%s\\n' \"$@\" >&2\n");
        Assert.Equal(0, (await ExternalProgram.RunAsync("chmod", ["+x", kcat])).ExitCode);

        var sent = await ExternalProgram.RunAsync("sh", ["-c", $"cd '{folder.Path}' && {command}"],
            environment: ("PATH", folder.Path + ":/usr/bin:/bin"));

        Assert.True(sent.ExitCode == 0, sent.Errors);
        Assert.Equal(["-P", "-b", "host:9092", "-t", "clicks", "-K", "\\t"], sent.Errors.TrimEnd('\n').Split('\n'));
        var parts = sent.Output.TrimEnd('\n').Split('\t');
        Assert.Equal(2, parts.Length);
        Assert.Equal(member, parts[0]);
        Assert.Equal(member, JsonDocument.Parse(parts[1]).RootElement.GetProperty("member").GetString());
        Assert.False(File.Exists(Path.Combine(folder.Path, "harm")));
    }

    private static async Task<string> CommandAsync(string folder, string member)
    {
        var web = Path.Combine(StreamingProgram.Repository, "pipeline", "Ops", "web");
        var bundle = Path.Combine(folder, "example.mjs");
        var esbuild = Path.Combine(web, "node_modules", "esbuild", "bin", "esbuild");
        var built = await ExternalProgram.RunAsync(esbuild,
            [Path.Combine(web, "src", "base", "example.ts"), "--bundle", "--format=esm", $"--outfile={bundle}"]);
        Assert.True(built.ExitCode == 0, built.Errors);
        var script = Path.Combine(folder, "print.mjs");
        await File.WriteAllTextAsync(script, $"import {{ exampleEvent }} from " +
            $"'./example.mjs';\nprocess.stdout.write(exampleEvent('host:9092', {JsonSerializer.Serialize(member)}));\n");
        var printed = await ExternalProgram.RunAsync("node", [script]);
        Assert.True(printed.ExitCode == 0, printed.Errors);
        return printed.Output;
    }
}
