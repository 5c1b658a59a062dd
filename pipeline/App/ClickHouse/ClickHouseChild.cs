using System.Globalization;
using Streaming.App.Hosting;

namespace Streaming.App.ClickHouse;

/// <summary>The program <c>streaming clickhouse</c> as a child process of this one.</summary>
public static class ClickHouseChild
{
    /// <summary>What to start.</summary>
    /// <param name="data">Where its tables are kept.</param>
    /// <param name="port">Port on 127.0.0.1; 0 = any free one.</param>
    /// <param name="users">Who may use it.</param>
    public static ChildProcessOptions Options(string data, int port, ClickHouseUsers users) =>
        ChildProcessOptions.Self(
            "clickhouse", "clickhouse", "--data", data, "--port", port.ToString(CultureInfo.InvariantCulture), "--user", users.Owner,
                ClickHouseStart.PasswordsFromStdin) with
        {
            Input = users.ToLines(),
        };

    /// <summary>Its address, from the line that said it is ready.</summary>
    public static string Url(ChildProcess child) => child.Ready.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
}
