using System.Net;

namespace Streaming.Loadtests.Ladder.Rows;

/// <summary>Passes queries to the server and answers inserts itself, so that only encoding is measured.</summary>
internal sealed class InsertSwallowingHandler()
    : DelegatingHandler(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All })
{
    /// <summary>True: inserts are answered here. False: they reach the server.</summary>
    public bool Swallowing { get; set; } = true;

    /// <summary>The first insert's body.</summary>
    public byte[] Last { get; private set; } = [];

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!Swallowing || request.Content?.Headers.ContentType?.MediaType != "application/octet-stream")
        {
            return await base.SendAsync(request, cancellationToken);
        }
        if (Last.Length == 0) Last = await request.Content.ReadAsByteArrayAsync(cancellationToken);
        return new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new ByteArrayContent([]) };
    }
}
