using System.Text.RegularExpressions;
using Streaming.Common.Settings;

namespace Streaming.ClickHouse.Client;

/// <summary>Where ClickHouse is and how it is spoken to.</summary>
public sealed partial record ClickHouseSettings
{
    /// <summary>Address of its HTTP interface. Default <c>http://127.0.0.1:8123</c>.</summary>
    public string Url { get; init; } = "http://127.0.0.1:8123";

    /// <summary>User name, without a colon; empty (the default) means ClickHouse's user <c>default</c>.</summary>
    public string User { get; init; } = "";

    /// <summary>Password of <see cref="User"/>. Never logged.</summary>
    public string Password { get; init; } = "";

    /// <summary>
    /// A user that can only read, for the queries of dashboards and the ops page; without a colon; empty (the default) means
    /// <see cref="User"/>. Give it SELECT on <see cref="Database"/> and a profile with <c>readonly = 2</c>.
    /// </summary>
    public string ReadUser { get; init; } = "";

    /// <summary>Password of <see cref="ReadUser"/>. Never logged.</summary>
    public string ReadPassword { get; init; } = "";

    /// <summary>Database for all tables: a letter or underscore, then letters, digits,
    /// underscores; at most 64. Default <c>engagement</c>.</summary>
    public string Database { get; init; } = "engagement";

    /// <summary>
    /// Name of the ClickHouse cluster, as in its <c>remote_servers</c>, whose replicas hold the tables: one shard, each server with the
    /// macros <c>shard</c> and <c>replica</c>. Empty (the default): one server. A database made for one server is refused when a cluster is
    /// named, and the reverse.
    /// </summary>
    public string Cluster { get; init; } = "";

    /// <summary>How long a query or an insert may take: 100 ms to 10 minutes, default 30 s. An insert
    /// that took longer is looked for before it is repeated.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether blocks are sent compressed with gzip. Default false: worth it over slow networks only.</summary>
    public bool Gzip { get; init; }

    /// <summary>These settings with the read-only user.</summary>
    public ClickHouseSettings ForReading() => ReadUser.Length == 0 ? this : this with { User = ReadUser, Password = ReadPassword };

    /// <summary>Adds one sentence per wrong setting, each beginning with its path.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            || url.Port == 0)
        {
            errors.Add($"{path}:Url is \"{Url}\"; it must be an http:// or https:// address.");
        }
        else if (url.UserInfo.Length > 0) errors.Add($"{path}:Url must not hold a user or password; use {path}:User and {path}:Password.");
        if (!Identifier().IsMatch(Database))
        {
            errors.Add($"{path}:Database is \"{Database}\"; it must be a letter or underscore, then letters, digits or underscores, " +
                $"at most 64.");
        }
        if (Cluster.Length > 0 && !Identifier().IsMatch(Cluster))
        {
            errors.Add($"{path}:Cluster is \"{Cluster}\"; it must be a letter or underscore, then letters, digits or underscores, " +
                $"at most 64.");
        }
        if (User.Contains(':', StringComparison.Ordinal)) errors.Add($"{path}:User must not hold a colon.");
        if (ReadUser.Contains(':', StringComparison.Ordinal)) errors.Add($"{path}:ReadUser must not hold a colon.");
        if (User.Length == 0 && Password.Length > 0) errors.Add($"{path}:Password is set without {path}:User.");
        if (ReadUser.Length == 0 && ReadPassword.Length > 0) errors.Add($"{path}:ReadPassword is set without {path}:ReadUser.");
        errors.Within($"{path}:Timeout", Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
    }

    /// <summary>Whether a name can be used in SQL without quoting.</summary>
    internal static bool IsIdentifier(string name) => Identifier().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,63}\z")]
    private static partial Regex Identifier();
}
