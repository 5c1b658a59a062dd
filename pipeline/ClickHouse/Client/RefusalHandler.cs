using System.Globalization;
using System.Net;

namespace Streaming.ClickHouse.Client;

/// <summary>Makes a <see cref="ClickHouseException"/> of an answer that refuses, before ClickHouse.Driver sees it.</summary>
/// <remarks>
/// The driver takes the first number of a refusal's text for its code: a proxy's "502 Bad Gateway" would be a code of ClickHouse's, and a
/// block that only met a bad proxy would be parked. It takes no notice of the code's header in an answer that began well, and waits for a
/// refusal's text without a limit.
/// </remarks>
internal sealed class RefusalHandler(string url, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string CodeHeader = "X-ClickHouse-Exception-Code";
    private const int MaxErrorCharacters = 2_000;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK && !response.Headers.Contains(CodeHeader)) return response;
        using (response) throw Refused(response, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    private ClickHouseException Refused(HttpResponseMessage response, string text)
    {
        var code = response.Headers.TryGetValues(CodeHeader, out var values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var whose = ClickHouseException.Classify(code, (int)response.StatusCode);
        text = text.Trim();
        if (text.Length > MaxErrorCharacters) text = text[..MaxErrorCharacters] + "…";
        return new ClickHouseException(whose, code,
            $"ClickHouse at {url} answered {(int)response.StatusCode}: {text}{ClickHouseException.Advice(whose)}");
    }
}
