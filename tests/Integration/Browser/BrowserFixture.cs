using Microsoft.Playwright;
using Streaming.ClickHouse.Client;
using Streaming.Contract.Messages;
using Streaming.Engine.Status;
using Streaming.Integration.Tests.Dashboards;
using Streaming.Integration.Tests.Ops;
using Streaming.Ops;
using Streaming.Ops.Dashboards;
using Streaming.Ops.Hosting;

namespace Streaming.Integration.Tests.Browser;

/// <summary>A browser, and the ops page in front of the real engine with the sample
/// lives in it; the host is a fake whose status a test sets.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly List<IBrowserContext> open = [];
    private List<string> complaints = [];
    private IPlaywright? playwright;
    private IBrowser browser = null!;
    private OpsFixture ops = null!;
    private long events;
    private long blocks;
    private volatile bool broken;
    private TaskCompletionSource? frozen;

    internal DashboardFixture Sample { get; } = new();

    internal IReadOnlyList<Streaming.Ops.Dashboards.Dashboard> Library => Sample.Library.All;

    internal FakeHost Host => ops.Host;

    internal string Url => ops.Url;

    /// <summary>Errors and warnings of the page opened last.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public async Task InitializeAsync()
    {
        if (Chromium.Path is null) return;
        await Sample.InitializeAsync();
        var client = new ClickHouseClient(Sample.Settings, new Outage(() => broken, () => frozen?.Task));
        // A page asks for a dozen panels at once; on a busy machine the last of them waits longer than a person would.
        var patient = new DashboardSettings { MaxTime = TimeSpan.FromMinutes(1), MaxWait = TimeSpan.FromMinutes(1) };
        ops = await OpsFixture.StartAsync(new OpsSettings { Dashboards = patient }, new FakeHost(client));
        Host.Buy("ada", 120_0000);
        Host.Send(OutputTopic.Rewards, """{"kind":"points-earned","member":"ada","sequence":1,"at":"2026-01-05T08:00:00.000Z","rule":"points.purchase","points":120,"cause":"p-0"}""");
        Host.Send(OutputTopic.ChurnAlerts,
            """{"kind":"alert-raised","member":"bob","sequence":4,"at":"2026-01-05T08:01:00.000Z","rule":"churn.hiatus","reason":"hiatus","cause":"c-1"}""");
        Busy();
        playwright = await Playwright.CreateAsync();
        browser = await Chromium.LaunchAsync(playwright);
    }

    /// <summary>From now on the host works: events every second, everything well.</summary>
    public void Busy() => Host.Say(() => FakeHost.Well with
    {
        Applied = new Dictionary<string, long> { ["view"] = Interlocked.Add(ref events, 40), ["paid"] = Volatile.Read(ref events) / 4,
        ["message"] = Volatile.Read(ref events) / 3 },
        Rejected = new Dictionary<string, long> { ["not-json"] = 3, ["at-in-future"] = 1 },
        Commit = Volatile.Read(ref events),
        CommitAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 20,
        Cached = 240,
        ClickHouse = new ClickHouseStatus { Migrated = true, Blocks = Volatile.Read(ref blocks), Rows = Volatile.Read(ref events) },
    });

    /// <summary>Rows have landed: followers are told with the next second.</summary>
    public void Landed() => Interlocked.Increment(ref blocks);

    /// <summary>ClickHouse goes away, and the host says so; disposing brings it back.</summary>
    public IDisposable BreakClickHouse()
    {
        broken = true;
        Host.Say(() => FakeHost.Well with { ClickHouse =
            new ClickHouseStatus { Migrated = true, AwaySince = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 90_000, Waiting = 42 } });
        return new Repair(this);
    }

    /// <summary>ClickHouse takes requests and answers none, which nobody has told the host yet; disposing lets it go on.</summary>
    public IDisposable FreezeClickHouse()
    {
        frozen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Thaw(this);
    }

    /// <summary>A page of its own context, opened at a path of the ops page.</summary>
    /// <param name="path">The path.</param>
    /// <param name="locale">The browser's language.</param>
    /// <param name="width">Width of its window.</param>
    /// <param name="height">Height of its window.</param>
    /// <param name="scheme">What the browser prefers.</param>
    /// <param name="url">Another server's address.</param>
    /// <param name="beside">True leaves the pages opened before open.</param>
    public async Task<IPage> OpenAsync(
        string path, string locale =
            "en-GB", int width = 1360, int height = 900, ColorScheme scheme = ColorScheme.Light, string? url = null, bool beside = false)
    {
        Skip.If(Chromium.Path is null, Chromium.Missing);
        if (!beside)
        {
            foreach (var context in open) await context.CloseAsync();
            open.Clear();
        }

        return await OpenAsync(path, new BrowserNewContextOptions
        {
            BaseURL = url ?? Url, Locale = locale, ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme,
            TimezoneId = "Europe/Berlin",
        });
    }

    private async Task<IPage> OpenAsync(string path, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        open.Add(context);
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        var said = complaints = [];
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") said.Add($"{message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => said.Add(error);
        await page.GotoAsync(path);
        return page;
    }

    public async Task DisposeAsync()
    {
        if (playwright is null) return;
        await browser.DisposeAsync();
        playwright.Dispose();
        await ops.DisposeAsync();
        await Sample.DisposeAsync();
    }

    /// <summary>Between the server and ClickHouse: lets requests through, loses them, or holds them.</summary>
    private sealed class Outage(Func<bool> broken, Func<Task?> frozen) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (broken()) throw new HttpRequestException(HttpRequestError.ConnectionError, "connection refused");
            if (frozen() is { } thaw) await thaw.WaitAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Thaw(BrowserFixture fixture) : IDisposable
    {
        public void Dispose()
        {
            fixture.frozen!.SetResult();
            fixture.frozen = null;
        }
    }

    private sealed class Repair(BrowserFixture fixture) : IDisposable
    {
        public void Dispose()
        {
            fixture.broken = false;
            fixture.Busy();
        }
    }
}
