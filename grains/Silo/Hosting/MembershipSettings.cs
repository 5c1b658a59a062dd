using System.Net;

namespace Streaming.Silo.Hosting;

/// <summary>Where this silo meets the others.</summary>
public sealed class MembershipSettings
{
    /// <summary>Name of the cluster: silos of one name over one database are one cluster.
    /// Default <c>streaming</c>; 1 to 100 characters.</summary>
    public string Cluster { get; set; } = "streaming";

    /// <summary>
    /// IP address under which the other silos reach this one. Default 127.0.0.1: silos on one machine. Silos trust each other and speak in
    /// clear: let nothing else reach this port.
    /// </summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port the other silos connect to. Default 11111; 0 takes a free one (for silos on one machine).</summary>
    public int Port { get; set; } = 11_111;

    /// <summary>How long a silo that does not answer counts as living, about. Default 6 s; range 4 s-5 minutes. Its members come up
    /// elsewhere after that, and it ends when it hears of it; more for machines that stand still at times.</summary>
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Adds a sentence for every wrong value.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (Cluster.Length is 0 or > 100) errors.Add($"{path}:Cluster has {Cluster.Length} characters; it must have 1 to 100.");
        if (!IPAddress.TryParse(Address, out var ip)) errors.Add($"{path}:Address is \"{Address}\"; it must be an IP address.");
        else if (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
        {
            errors.Add($"{path}:Address is {Address}; it must be the one address under which the other silos reach this one.");
        }
        if (Port is < 0 or > 65_535) errors.Add($"{path}:Port is {Port}; it must be 0 (any free one) to 65535.");
        if (DeadAfter < TimeSpan.FromSeconds(4) || DeadAfter > TimeSpan.FromMinutes(5))
        {
            errors.Add($"{path}:DeadAfter is {DeadAfter}; it must be 00:00:04 to 00:05:00.");
        }
    }
}
