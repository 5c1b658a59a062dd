using System.Net;
using Microsoft.AspNetCore.Http;
using Streaming.Common.Http;
using Streaming.LocalClickHouse;
using Streaming.LocalClickHouse.Access;
using Streaming.LocalClickHouse.Blocks;
using Streaming.LocalClickHouse.Http;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>An unexpected exception gives the client a ClickHouse error code and the log a stack trace.</summary>
public sealed class UnexpectedErrorTests
{
    [Fact]
    public async Task An_unexpected_error_is_answered_and_logged_with_the_query_id()
    {
        var options = new ClickHouseOptions { DataDirectory = "x", Password = "p" };
        var log = new List<string>();
        var rules = new SettingRules(options);
        var (callers, responses) = (new UserAuthenticator(options, new WrongKeys(log.Add, TimeProvider.System)), new Responses("1", "UTC"));
        var statements = new StatementRunner(options, new Gate(rules), null!, responses, new Spool(".", 1));
        var front = new HttpFront(callers, rules, statements, responses, new Spool(".", 1), log.Add);
        var context = new DefaultHttpContext();
        context.Connection.LocalIpAddress = context.Connection.RemoteIpAddress = IPAddress.Loopback;
        (context.Request.Method, context.Request.Path, context.Request.Host) = ("POST", "/", new HostString("localhost"));
        context.Request.QueryString = new QueryString("?query_id=strange&user=default&password=p");
        context.Request.Body = new Broken();
        var body = context.Response.Body = new MemoryStream();

        await front.HandleAsync(context);

        Assert.Equal((500, "1002"), (context.Response.StatusCode, context.Response.Headers["X-ClickHouse-Exception-Code"].ToString()));
        body.Position = 0;
        Assert.Contains("query id strange", await new StreamReader(body).ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Contains(log, line => line.Contains("query strange", StringComparison.Ordinal)
            && line.Contains(nameof(Broken), StringComparison.Ordinal));
    }

    private sealed class Broken : ReadOnlyStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new InvalidCastException("nobody foresaw this");
    }
}
