using System.Globalization;
using Streaming.ClickHouse.Client;
using Streaming.LocalClickHouse;
using Streaming.LocalClickHouse.Access;

namespace Streaming.App.Children;

/// <summary>The program <c>local-clickhouse</c> as a child process of this one.</summary>
public static class ClickHouseChild
{
    /// <summary>What to start.</summary>
    /// <param name="data">Where its tables are kept.</param>
    /// <param name="port">Port on 127.0.0.1; 0 = any free one.</param>
    /// <param name="users">Its users and their passwords.</param>
    public static ChildProcessOptions Options(string data, int port, ClickHouseUsers users)
    {
        string[] arguments =
        [
            "--data", data,
            "--port", port.ToString(CultureInfo.InvariantCulture),
            "--user", users.Owner,
            ClickHouseStart.PasswordsFromStdin,
        ];
        return ChildProcessOptions.Beside("clickhouse", "local-clickhouse", arguments) with { Input = users.ToLines() };
    }

    /// <summary>The settings of a client that uses it: as the owner to write, as the reader where reading is enough.</summary>
    public static ClickHouseSettings Client(ClickHouseSettings settings, ClickHouseUsers users) => settings with
    {
        User = users.Owner, Password = users.OwnerPassword, ReadUser = users.Reader, ReadPassword = users.ReaderPassword,
    };

    /// <summary>Its address, from the line that said it is ready.</summary>
    public static string Url(ChildProcess child) => child.Ready.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
}
