using System.Net;
using Streaming.Common.Settings;
using Streaming.Ops.Dashboards;

namespace Streaming.Ops;

/// <summary>Where the ops page and API listen, and when the host counts as not ready.</summary>
public sealed record OpsSettings
{
    /// <summary>Address to listen on: an IP address or <c>localhost</c>. Default 127.0.0.1; any
    /// address that is not loopback needs <see cref="ApiKey"/>.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port, 0 to 65535; 0 (the default) takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Port of a listener for the health checks alone, at the same address, so that load on the ops page's listener cannot block them: 0 to
    /// 65535; 0 (the default) takes any free one.
    /// </summary>
    public int HealthPort { get; init; }

    /// <summary>
    /// Key that every request under /v1 must carry, as <c>Authorization: Bearer</c> or <c>X-Api-Key</c>. Empty (the default)
    /// asks for none, which is allowed on loopback only. At least 16 characters. Never logged.
    /// </summary>
    public string ApiKey { get; init; } = "";

    /// <summary>How long the broker may be away before the host is not ready: 1 s to a day, default 30 s.</summary>
    public TimeSpan BrokerAwayLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long ClickHouse may be away before the host is not ready: 1 s to a day, default
    /// one minute. Nothing is lost before or after: blocks wait on disk.</summary>
    public TimeSpan ClickHouseAwayLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Browsers and programs that may follow <c>/v1/live</c> at once: 1 to 10,000, default 100. The next one gets 503.</summary>
    public int MostFollowers { get; init; } = 100;

    /// <summary>What dashboard panels may ask of ClickHouse.</summary>
    public DashboardSettings Dashboards { get; init; } = new();

    /// <summary>Whether <see cref="Address"/> can be reached from this machine alone.</summary>
    public bool IsLoopback => Address == "localhost" || (IPAddress.TryParse(Address, out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>Adds one sentence per wrong setting, each beginning with its path.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (Address != "localhost" && !IPAddress.TryParse(Address, out _))
        {
            errors.Add($"{path}:Address is \"{Address}\"; it must be an IP address or localhost.");
        }
        if (Port is < 0 or > 65_535) errors.Add($"{path}:Port is {Port}; it must be 0 (any free one) to 65535.");
        if (HealthPort is < 0 or > 65_535) errors.Add($"{path}:HealthPort is {HealthPort}; it must be 0 (any free one) to 65535.");
        if (HealthPort != 0 && HealthPort == Port)
            errors.Add($"{path}:HealthPort is {HealthPort}, which is {path}:Port too; the health checks need a port of their own.");
        if (ApiKey.Length is > 0 and < 16) errors.Add($"{path}:ApiKey is shorter than 16 characters.");
        if (ApiKey.Length == 0 && !IsLoopback)
        {
            errors.Add($"{path}:Address is {Address}, which others can reach; set {path}:ApiKey, or listen on 127.0.0.1.");
        }
        errors.Within($"{path}:BrokerAwayLimit", BrokerAwayLimit, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        errors.Within($"{path}:ClickHouseAwayLimit", ClickHouseAwayLimit, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        if (MostFollowers is < 1 or > 10_000) errors.Add($"{path}:MostFollowers is {MostFollowers}; it must be 1 to 10000.");
        Dashboards.Validate($"{path}:Dashboards", errors);
    }
}
