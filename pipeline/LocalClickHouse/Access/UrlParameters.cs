using System.Text;
using Microsoft.AspNetCore.Http;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Access;

/// <summary>
/// The parameters of a request's URL. Names are told apart by case, as by a server: <c>{a:T}</c> and <c>{A:T}</c> are two
/// parameters. If a name is given twice, the last value counts.
/// </summary>
internal sealed class UrlParameters
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private UrlParameters()
    {
    }

    /// <summary>Every name with its value.</summary>
    public IEnumerable<KeyValuePair<string, string>> All => values;

    /// <summary>The value of a name; empty when it is not there.</summary>
    public string this[string name] => values.GetValueOrDefault(name, "");

    /// <summary>Reads them.</summary>
    /// <exception cref="QueryException">The URL holds bytes that are not valid UTF-8. They must not be replaced silently.</exception>
    public static UrlParameters Of(HttpRequest http)
    {
        var read = new UrlParameters();
        foreach (var part in (http.QueryString.Value ?? "").TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            read.values[Decode(equals < 0 ? part : part[..equals])] = equals < 0 ? "" : Decode(part[(equals + 1)..]);
        }
        return read;
    }

    /// <summary>Whether this name is there.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    private static string Decode(string text)
    {
        if (!text.AsSpan().ContainsAny('%', '+')) return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == (byte)'%')
            {
                if (i + 2 >= bytes.Length || !char.IsAsciiHexDigit((char)bytes[i + 1]) || !char.IsAsciiHexDigit((char)bytes[i + 2]))
                {
                    throw Refused("two hexadecimal digits follow a % (which itself is written %25)");
                }
                bytes[length++] = Convert.FromHexString(Encoding.ASCII.GetString(bytes, i + 1, 2))[0];
                i += 2;
            }
            else
            {
                bytes[length++] = bytes[i] == (byte)'+' ? (byte)' ' : bytes[i];
            }
        }
        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw Refused("%-encoded bytes are UTF-8; put others into the body, or write them as unhex('…')");
        }
    }

    private static QueryException Refused(string rule) => new(ErrorCode.BadArguments, $"The URL cannot be read: {rule}.");
}
