using System.Buffers.Text;
using System.Security.Cryptography;

namespace Streaming.LocalClickHouse.Access;

/// <summary>
/// Who may use an embedded ClickHouse: its owner, who may do everything that the gate allows, and the reader, who can change nothing. The
/// process that starts this one generates the passwords and passes them on standard input, because every user of the machine can see a
/// command line.
/// Whoever starts the process draws the passwords and hands them over through its standard input: a command line can be read by everybody
/// on the machine.
/// </summary>
/// <param name="Owner">Name of the owner.</param>
/// <param name="OwnerPassword">The owner's password.</param>
/// <param name="ReaderPassword">The reader's password.</param>
public sealed record ClickHouseUsers(string Owner, string OwnerPassword, string ReaderPassword)
{
    /// <summary>Name of the user that can change nothing.</summary>
    public const string ReaderName = "reader";

    private const int PasswordBytes = 18; // 144 bits, 24 characters without padding

    /// <inheritdoc cref="ReaderName"/>
    public string Reader => ReaderName;

    /// <summary>Users with new random passwords.</summary>
    public static ClickHouseUsers Draw() => new("default", GeneratePassword(), GeneratePassword());

    /// <summary>A new random password: 24 letters, digits, dashes and underscores, so that
    /// it can stand in a URL and in a shell line as it is.</summary>
    public static string GeneratePassword() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes));

    /// <summary>The lines that <c>local-clickhouse --passwords-from-stdin</c> reads: the owner's password and the reader's.</summary>
    public string ToLines() => $"{OwnerPassword}\n{ReaderPassword}\n";
}
