using System.Net;
using System.Text;

namespace Streaming.Integration.Tests.ClickHouse;

/// <summary>A bad network: by a fixed draw it loses requests, loses answers after the request took
/// effect, answers errors of its own, or answers too late.</summary>
internal sealed class FlakyHandler() : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly Random draw = new(20_260_105);

    /// <summary>Requests that met a fault.</summary>
    public int Faults { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        switch (draw.Next(10))
        {
            case 1: // lost before it arrived
                Faults++;
                throw new HttpRequestException("the request was lost");
            case 3: // took effect, the answer was lost
                Faults++;
                (await base.SendAsync(request, stop)).Dispose();
                throw new HttpRequestException("the answer was lost");
            case 4: // a proxy's own error, after the request took effect
                Faults++;
                (await base.SendAsync(request, stop)).Dispose();
                return new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StringContent("bad gateway") };
            case 6: // took effect, and the client's patience ended before the answer came
                Faults++;
                (await base.SendAsync(request, stop)).Dispose();
                throw new TaskCanceledException("no answer in time");
            case 5: // a server's error, nothing done
                Faults++;
                return new HttpResponseMessage(HttpStatusCode.InternalServerError)
                {
                    Headers = { { "X-ClickHouse-Exception-Code", "241" } },
                    Content = new StringContent("Code: 241. DB::Exception: Memory limit exceeded", Encoding.UTF8),
                };
            default:
                return await base.SendAsync(request, stop);
        }
    }
}
