using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Streaming.LocalClickHouse.Embedding;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Http;

/// <summary>Runs a query that gives rows and sends them as they come.</summary>
internal sealed class ReadResponse(QueryRunner runner, Responses responses, ClickHouseOptions options, Spool spool)
{
    /// <summary>Time beyond the query's own in which a slow reader may take what is already there.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Sends the result. Up to <see cref="ResultPipe.Buffered"/> bytes, or all of it when
    /// asked to wait, are complete before the status is sent.</summary>
    /// <exception cref="QueryException">The query failed. If that was after the beginning
    /// was sent, the error stands at the end of the body.</exception>
    public Task SendAsync(HttpContext context, QueryRequest request, Statement statement) =>
        request.WaitEnd ? SendWholeAsync(context, request, statement) : SendStreamAsync(context, request, statement);

    private async Task SendWholeAsync(HttpContext context, QueryRequest request, Statement statement)
    {
        await using var file = spool.NewFile();
        await using (var lease = await runner.BeginAsync(statement, request, context.RequestAborted))
        await using (new KillSwitch(runner, lease.Connection, context.RequestAborted))
        {
            using var pipe = new ResultPipe();
            var query = RunAsync(lease, pipe, request, statement);
            try
            {
                await CopyAsync(pipe.Reader, file, context.RequestAborted);
            }
            finally
            {
                await pipe.Reader.CompleteAsync();
                await query;
            }
            Begin(context, request, statement, runner.Check(await query));
        }
        await using var target = ResponseBody.Open(context.Response, request, statement.Format ?? request.DefaultFormat);
        await file.SendToAsync(target, context.RequestAborted);
    }

    private async Task SendStreamAsync(HttpContext context, QueryRequest request, Statement statement)
    {
        await using var lease = await runner.BeginAsync(statement, request, context.RequestAborted);
        using var pipe = new ResultPipe();
        // The engine does not check its time limit while it waits for a slow client.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(TimeSpan.FromSeconds(options.MaxQuerySeconds) + Grace);
        await using var kill = new KillSwitch(runner, lease.Connection, limit.Token);
        var query = RunAsync(lease, pipe, request, statement);
        try
        {
            await StreamResultAsync(context, request, statement, pipe, lease.Connection, query, limit.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new QueryException(ErrorCode.TimeoutExceeded, $"Timeout exceeded: the result was not taken within " +
                $"{options.MaxQuerySeconds} seconds (--max-query-seconds).");
        }
        finally
        {
            // The connection is lent on only when the engine has let go of it: a full pipe that nobody reads would hold it.
            await pipe.Reader.CompleteAsync();
            await query;
        }
    }

    private static async Task<EngineResult> RunAsync(Lease lease, ResultPipe pipe, QueryRequest request, Statement statement)
    {
        try
        {
            return await lease.Connection.RunAsync(statement.ResultTo(pipe.Path, request.DefaultFormat), request.DefaultFormat,
                request.Parameters);
        }
        finally
        {
            pipe.EngineDone();
        }
    }

    private async Task StreamResultAsync(HttpContext context, QueryRequest request, Statement statement, ResultPipe pipe,
        Connection connection,
        Task<EngineResult> query, CancellationToken cancel)
    {
        var tag = RandomNumberGenerator.GetHexString(16, lowercase: true);
        if (await IsWholeAsync(pipe.Reader, cancel))
        {
            Begin(context, request, statement, runner.Check(await query));
        }
        else
        {
            context.Response.Headers["X-ClickHouse-Exception-Tag"] = tag;
            Begin(context, request, statement, await runner.ProgressAsync(connection));
        }
        await using var target = ResponseBody.Open(context.Response, request, statement.Format ?? request.DefaultFormat);
        await CopyAsync(pipe.Reader, target, cancel);
        if ((await query).Error is { } error)
        {
            // What ends a request with an exception after its beginning was sent is closed without the mark of a complete body.
            var failure = new QueryException(runner.ErrorOf(error));
            await target.WriteAsync(responses.Tail(failure.Error, tag), cancel);
            throw failure;
        }
    }

    private static void Begin(HttpContext context, QueryRequest request, Statement statement, EngineResult counts)
    {
        Responses.Describe(context.Response, statement.Format ?? request.DefaultFormat);
        Responses.Summarize(context.Response, counts);
    }

    /// <summary>Waits until the result is complete (true) or larger than the buffer (false), without taking any of it.</summary>
    private static async Task<bool> IsWholeAsync(PipeReader reader, CancellationToken cancel)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            var enough = read.IsCompleted || read.Buffer.Length >= ResultPipe.Buffered;
            reader.AdvanceTo(read.Buffer.Start, enough ? read.Buffer.Start : read.Buffer.End);
            if (enough)
            {
                return read.IsCompleted;
            }
        }
    }

    private static async Task CopyAsync(PipeReader reader, Stream target, CancellationToken cancel)
    {
        for (var open = true; open;)
        {
            var read = await reader.ReadAsync(cancel);
            foreach (var segment in read.Buffer)
            {
                await target.WriteAsync(segment, cancel);
            }
            reader.AdvanceTo(read.Buffer.End);
            open = !read.IsCompleted;
        }
    }
}

/// <summary>
/// Kills a connection's query when a token fires, and again until disposed: the engine forgets a kill that comes before it has listed the
/// query. To be disposed once the query has ended; that waits until the engine has heard the last kill, so that it cannot hit the next
/// query there.
/// </summary>
internal sealed class KillSwitch : IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource ended = new();
    private readonly CancellationTokenRegistration registration;
    private Task killing = Task.CompletedTask;

    public KillSwitch(QueryRunner runner, Connection connection, CancellationToken token) =>
        registration = token.Register(() => killing = KillAsync(runner, connection));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await registration.DisposeAsync();
        await ended.CancelAsync();
        await killing;
        ended.Dispose();
    }

    private async Task KillAsync(QueryRunner runner, Connection connection)
    {
        while (!ended.IsCancellationRequested)
        {
            await runner.KillAsync(connection);
            await Task.Delay(Again, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
