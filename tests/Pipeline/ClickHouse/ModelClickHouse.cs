using System.Net;
using System.Text.RegularExpressions;
using Streaming.Engine.Storing;

namespace Streaming.Pipeline.Tests.ClickHouse;

/// <summary>What happens to one request on its way.</summary>
public enum Fate
{
    /// <summary>All well.</summary>
    Answered,

    /// <summary>It never arrives.</summary>
    RequestLost,

    /// <summary>It takes effect, nobody hears of it.</summary>
    AnswerLost,

    /// <summary>The server refuses it for lack of memory, before anything was done.</summary>
    OutOfMemory,

    /// <summary>The connection breaks while the server works on; an insert takes effect three requests later.</summary>
    StillRunning,
}

/// <summary>As much of ClickHouse as a sender can see: blocks land by their number,
/// inserts may go on after their client has gone.</summary>
internal sealed partial class ModelClickHouse(IEnumerable<Fate> fates) : HttpMessageHandler
{
    private readonly Queue<Fate> fates = new(fates);
    private readonly List<(string Table, long Number, string Mark, int Left)> running = [];

    /// <summary>Blocks in the order they landed.</summary>
    public List<(string Table, long Number)> Landed { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        Advance();
        var fate = fates.TryDequeue(out var next) ? next : Fate.Answered;
        if (fate == Fate.RequestLost) throw new HttpRequestException("request lost");
        if (fate == Fate.OutOfMemory) return Answer(HttpStatusCode.InternalServerError, "Code: 241. Memory limit exceeded", "241");
        var answer = await HandleAsync(WebUtility.UrlDecode(request.RequestUri!.Query), request.Content!, fate, stop);
        return fate == Fate.Answered ? Answer(HttpStatusCode.OK, answer) : throw new HttpRequestException("answer lost");
    }

    private async Task<string> HandleAsync(string url, HttpContent content, Fate fate, CancellationToken stop)
    {
        if (Insert().Match(url) is { Success: true } insert)
        {
            var block = new BlockReader(new FormedBlock("", 0, 0, await content.ReadAsByteArrayAsync(stop)));
            var (table, number) = (insert.Groups[1].Value, (long)block.All<ulong>("seq")[0]);
            if (fate == Fate.StillRunning) running.Add((table, number, insert.Groups[2].Value, 3));
            else Landed.Add((table, number));
            return "";
        }

        var sql = await content.ReadAsStringAsync(stop);
        if (sql.Contains("system.processes", StringComparison.Ordinal)) return $"{running.Count(r => url.Contains($"param_insert={r.Mark}", StringComparison.Ordinal))}\n";
        return $"{Landed.Where(b => b.Table == MaxSeq().Match(sql).Groups[1].Value).Select(b => b.Number).DefaultIfEmpty().Max()}\n";
    }

    private void Advance()
    {
        for (var i = running.Count - 1; i >= 0; i--)
        {
            running[i] = running[i] with { Left = running[i].Left - 1 };
            if (running[i].Left > 0) continue;
            Landed.Add((running[i].Table, running[i].Number));
            running.RemoveAt(i);
        }
    }

    /// <summary>What the server answers.</summary>
    internal static HttpResponseMessage Answer(HttpStatusCode status, string text, string? code = null)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(text) };
        if (code is not null) answer.Headers.Add("X-ClickHouse-Exception-Code", code);
        return answer;
    }

    /// <summary>An insert in a request's query: table and mark.</summary>
    [GeneratedRegex(@"query=INSERT INTO (\w+) /\* (.+?) \*/ +FORMAT Native")]
    internal static partial Regex Insert();

    /// <summary>The question for a table's highest number.</summary>
    [GeneratedRegex(@"max\(seq\) FROM (\w+)")]
    internal static partial Regex MaxSeq();
}
