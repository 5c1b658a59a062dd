using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Streaming.App.ClickHouse;

/// <summary>Runs a query that gives rows and sends them as they come.</summary>
internal sealed class ReadResponse(QueryRunner runner, Responses responses, string spoolDirectory)
{
    /// <summary>Sends the result. Up to <see cref="ResultPipe.Buffered"/> bytes, or all of it when asked to wait, are complete before the status is sent.</summary>
    /// <exception cref="QueryException">The query failed before anything was sent.</exception>
    public async Task SendAsync(HttpContext context, QueryRequest request, Statement statement)
    {
        await using var lease = await runner.BeginAsync(statement, request, context.RequestAborted);
        if (request.WaitEnd)
        {
            await SendWholeAsync(context, request, statement, lease);
        }
        else
        {
            await SendStreamAsync(context, request, statement, lease);
        }
    }

    private async Task SendWholeAsync(HttpContext context, QueryRequest request, Statement statement, Lease lease)
    {
        using var file = new SpoolFile(spoolDirectory);
        await using (KillWhenGone(context, lease))
        {
            var result = runner.Check(await lease.Connection.RunAsync(statement.ResultTo(file.Path, request.DefaultFormat), request.DefaultFormat, request.Parameters));
            Begin(context, request, statement, result);
        }
        await using var target = ResponseBody.Open(context.Response, request);
        await file.CopyToAsync(target, context.RequestAborted);
    }

    private async Task SendStreamAsync(HttpContext context, QueryRequest request, Statement statement, Lease lease)
    {
        using var pipe = new ResultPipe();
        var query = lease.Connection.RunAsync(statement.ResultTo(pipe.Path, request.DefaultFormat), request.DefaultFormat, request.Parameters);
        var over = query.ContinueWith(_ => pipe.EngineDone(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var tag = RandomNumberGenerator.GetHexString(16, lowercase: true);
        try
        {
            await using (KillWhenGone(context, lease))
            {
                var first = await FirstAsync(pipe.Reader, context.RequestAborted);
                if (first.IsCompleted)
                {
                    Begin(context, request, statement, runner.Check(await query));
                }
                else
                {
                    context.Response.Headers["X-ClickHouse-Exception-Tag"] = tag;
                    Begin(context, request, statement, await runner.ProgressAsync(lease.Connection));
                }
                await using var target = ResponseBody.Open(context.Response, request);
                await CopyAsync(pipe.Reader, target, context.RequestAborted);
                if ((await query).Error is { } error)
                {
                    // What ends a request with an exception after its beginning was sent is closed without the mark of a complete body.
                    var failure = new QueryException(runner.ErrorOf(error));
                    await target.WriteAsync(responses.Tail(failure.Error, tag));
                    throw failure;
                }
            }
        }
        finally
        {
            // The connection is lent on only when the engine has let go of it: a full pipe that nobody reads would hold it.
            await pipe.Reader.CompleteAsync();
            await over;
        }
    }

    private static void Begin(HttpContext context, QueryRequest request, Statement statement, EngineResult counts)
    {
        Responses.Describe(context.Response, statement.Format ?? request.DefaultFormat);
        Responses.Summarize(context.Response, counts);
    }

    /// <summary>Waits until the result is complete or larger than the buffer, without taking any of it.</summary>
    private static async Task<ReadResult> FirstAsync(PipeReader reader, CancellationToken cancel)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            var enough = read.IsCompleted || read.Buffer.Length >= ResultPipe.Buffered;
            reader.AdvanceTo(read.Buffer.Start, enough ? read.Buffer.Start : read.Buffer.End);
            if (enough)
            {
                return read;
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

    private CancellationTokenRegistration KillWhenGone(HttpContext context, Lease lease) =>
        context.RequestAborted.Register(() => _ = runner.KillAsync(lease.Connection));
}
