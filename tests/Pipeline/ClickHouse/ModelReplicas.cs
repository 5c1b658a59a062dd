using System.Net;
using System.Text.RegularExpressions;
using Streaming.Engine.Storing;

namespace Streaming.Pipeline.Tests.ClickHouse;

/// <summary>
/// A model of replicated ClickHouse as a sender sees it, in the worst case: any replica may answer, which knows what it took
/// itself and what it fetched when it was told to; what a block and its token are is one transaction in Keeper.
/// </summary>
internal sealed class ModelReplicas(IEnumerable<Fate> fates, IEnumerable<int> routes) : HttpMessageHandler
{
    private const int Replicas = 3;
    private readonly Queue<Fate> fates = new(fates);
    private readonly Queue<int> routes = new(routes);
    private readonly int[] fetched = new int[Replicas];
    private readonly HashSet<string> tokens = [];
    private readonly List<(int Replica, string Table, long Number, string Token, int Left)> running = [];

    /// <summary>Keeper's log: which blocks there are, in the order of their commits, and who took each.</summary>
    public List<(string Table, long Number, int Replica)> Log { get; } = [];

    /// <summary>Inserts that arrived.</summary>
    public int Inserts { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        Advance();
        var fate = fates.TryDequeue(out var next) ? next : Fate.Answered;
        var replica = routes.TryDequeue(out var route) ? route : 0;
        if (fate == Fate.RequestLost) throw new HttpRequestException("request lost");
        if (fate == Fate.OutOfMemory)
        {
            return ModelClickHouse.Answer(HttpStatusCode.InternalServerError, "Code: 241. Memory limit exceeded", "241");
        }
        var answer = await HandleAsync(replica, WebUtility.UrlDecode(request.RequestUri!.Query), request.Content!, fate, stop);
        return fate == Fate.Answered ? ModelClickHouse.Answer(HttpStatusCode.OK, answer) : throw new HttpRequestException("answer lost");
    }

    private async Task<string> HandleAsync(int replica, string url, HttpContent content, Fate fate, CancellationToken stop)
    {
        if (ModelClickHouse.Insert().Match(url) is { Success: true } insert)
        {
            Inserts++;
            Assert.Contains("insert_deduplicate=1&", url, StringComparison.Ordinal);
            Assert.Contains("insert_quorum=auto&", url, StringComparison.Ordinal);
            var token = Regex.Match(url, "insert_deduplication_token=([^&]+)").Groups[1].Value;
            Assert.Equal(insert.Groups[2].Value, token);
            var block = new BlockReader(new FormedBlock("", 0, 0, await content.ReadAsByteArrayAsync(stop)));
            var (table, number) = (insert.Groups[1].Value, (long)block.All<ulong>("seq")[0]);
            if (fate == Fate.StillRunning) running.Add((replica, table, number, token, 3));
            else Commit(replica, table, number, token);
            return "";
        }

        var sql = await content.ReadAsStringAsync(stop);
        if (sql.StartsWith("SYSTEM SYNC REPLICA", StringComparison.Ordinal)) fetched[replica] = Log.Count;
        if (sql.Contains("system.processes", StringComparison.Ordinal)) return $"{running.Count(r => r.Replica == replica && url.Contains($"param_insert={r.Token}", StringComparison.Ordinal))}\n";
        var name = ModelClickHouse.MaxSeq().Match(sql).Groups[1].Value;
        return $"{Log.Where((b, i) => b.Table == name && (i < fetched[replica] || b.Replica == replica)).Select(b => b.Number).DefaultIfEmpty().Max()}\n";
    }

    private void Commit(int replica, string table, long number, string token)
    {
        if (tokens.Add(token)) Log.Add((table, number, replica));
    }

    private void Advance()
    {
        for (var i = running.Count - 1; i >= 0; i--)
        {
            running[i] = running[i] with { Left = running[i].Left - 1 };
            if (running[i].Left > 0) continue;
            Commit(running[i].Replica, running[i].Table, running[i].Number, running[i].Token);
            running.RemoveAt(i);
        }
    }
}
