using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

[Collection(nameof(ClickHouseCollection))]
public sealed class JavaScriptClientTests(ClickHouseFixture fixture)
{
    [SkippableFact]
    public async Task The_official_JavaScript_client_works()
    {
        var folder = Path.Combine(StreamingProgram.Repository, "tests", "Integration", "LocalClickHouse", "js");
        Skip.IfNot(Directory.Exists(Path.Combine(folder, "node_modules")), "@clickhouse/client is not installed: deploy/test does it " +
            "(npm ci in tests/Integration/LocalClickHouse/js).");

        var done = await ExternalProgram.RunAsync("node",
            [Path.Combine(folder, "check.js"), fixture.Server.Url.ToString().TrimEnd('/'), EmbeddedClickHouse.Password]);

        Assert.True(done.ExitCode == 0, done.Errors);
        Assert.Equal("ok", done.Output.Trim());
    }
}
