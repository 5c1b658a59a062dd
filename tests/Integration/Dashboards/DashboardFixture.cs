using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Migrating;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Storing;
using Streaming.Ops.Dashboards;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Dashboards;

/// <summary>The engine with the migrations applied and the sample lives delivered as blocks, for all tests that run queries.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    private EmbeddedClickHouse server = null!;

    /// <summary>The moment at which the sample ends, epoch milliseconds.</summary>
    public long Now { get; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public DashboardLibrary Library { get; } = DashboardLibrary.Load();

    /// <summary>Where the engine listens.</summary>
    public Uri Url => server.Url;

    /// <summary>How it is reached.</summary>
    public ClickHouseSettings Settings => server.Settings;

    public ClickHouseClient Client { get; private set; } = null!;

    public DashboardQueries Queries { get; private set; } = null!;

    /// <summary>Pseudonym of a member with rewards, alerts, changes and care actions.</summary>
    public string Member { get; private set; } = "";

    /// <summary>Events in the sample.</summary>
    public long Events { get; private set; }

    public async Task InitializeAsync()
    {
        server = await EmbeddedClickHouse.StartAsync();
        Client = await DatabaseAsync("engagement");
        Queries = new DashboardQueries(Library, Client, new DashboardSettings { MaxTime = TimeSpan.FromMinutes(1) });
        var writer = new WriterIdentity(7, "sample");
        var former = new BlockBuilder(writer, new BlockSettings(), new Dictionary<string, long>());
        var lives = new DashboardSampleData(Now);
        foreach (var chunk in lives.Chunks()) former.Add(chunk, 1);
        foreach (var block in former.Form(Now)) await Client.InsertAsync(block.Table, block.Bytes, "sample");
        await new Generations(Client).SwitchAsync(writer);
        Events = lives.Events;
        Member = (await Client.QueryAsync(
            "SELECT member FROM alerts WHERE member IN (SELECT member FROM rewards) AND member IN (SELECT member FROM care_actions) AND " +
                "member IN (SELECT member FROM changes) "
            + "ORDER BY member LIMIT 1")).Trim();
    }

    /// <summary>A client of a database of its own, with the migrations applied.</summary>
    public async Task<ClickHouseClient> DatabaseAsync(string name)
    {
        var client = new ClickHouseClient(server.Settings with { Database = name, Timeout = TimeSpan.FromMinutes(10) });
        await new Migrator(client, NullLogger<Migrator>.Instance).RunAsync();
        return client;
    }

    /// <summary>A request for the time range a dashboard opens with, ending with the sample.</summary>
    public PanelRequest Request(Dashboard dashboard, params (string Name, string Value)[] chosen)
    {
        using var json = JsonDocument.Parse(dashboard.File);
        var from = json.RootElement.GetProperty("time").GetProperty("from").GetString()!;
        var span = long.Parse(from["now-".Length..^1], CultureInfo.InvariantCulture) * (from[^1] == 'h' ? 3_600_000 : 86_400_000);
        var variables = chosen.ToDictionary(c => c.Name, c => (IReadOnlyList<string>)[c.Value]);
        if (dashboard.Variables.Any(v => v.Name == "member")) variables.TryAdd("member", [Member]);
        return new PanelRequest(Now - span, Now, variables, span / 200);
    }

    public async Task DisposeAsync()
    {
        Queries.Dispose();
        Client.Dispose();
        await server.DisposeAsync();
    }
}

[CollectionDefinition(nameof(DashboardCollection))]
public sealed class DashboardCollection : ICollectionFixture<DashboardFixture>;
