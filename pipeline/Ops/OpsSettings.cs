using System.Net;
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
    /// Port of a listener for the health checks alone, at the same address, so that nothing that happens to the ops page's own can silence
    /// them: 0 to 65535; 0 (the default) takes any free one.
    /// </summary>
    public int HealthPort { get; init; }

    /// <summary>
    /// Key that every request but the two health checks must carry, as <c>Authorization: Bearer</c> or <c>X-Api-Key</c>. Empty (the
    /// default) asks for none, which is allowed on loopback only. At least 16 characters. Never logged.
    /// </summary>
    public string ApiKey { get; init; } = "";

    /// <summary>Seconds the broker may be away before the host is not ready: 1 to 86,400, default 30.</summary>
    public int BrokerAwayLimit { get; init; } = 30;

    /// <summary>Seconds ClickHouse may be away before the host is not ready: 1 to 86,400, default
    /// 60. Nothing is lost before or after: blocks wait on disk.</summary>
    public int ClickHouseAwayLimit { get; init; } = 60;

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
        if (BrokerAwayLimit is < 1 or > 86_400) errors.Add($"{path}:BrokerAwayLimit is {BrokerAwayLimit}; it must be 1 to 86400 seconds.");
        if (ClickHouseAwayLimit is < 1 or > 86_400)
        {
            errors.Add($"{path}:ClickHouseAwayLimit is {ClickHouseAwayLimit}; it must be 1 to 86400 seconds.");
        }
        if (MostFollowers is < 1 or > 10_000) errors.Add($"{path}:MostFollowers is {MostFollowers}; it must be 1 to 10000.");
        Dashboards.Validate($"{path}:Dashboards", errors);
    }
}
