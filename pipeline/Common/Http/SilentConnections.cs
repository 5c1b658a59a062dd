using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Streaming.Common.Http;

/// <summary>Closes connections that send nothing. Kestrel's own time-outs start at the first byte, so such a connection would stay open for
/// minutes.</summary>
public static class SilentConnections
{
    /// <summary>How long a new connection may be silent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may be silent between two requests. Longer than
    /// clients keep an idle one, so that they close first.</summary>
    public static readonly TimeSpan BetweenRequests = TimeSpan.FromSeconds(75);

    /// <summary>Closes a connection to this endpoint that has sent no byte within <see cref="Patience"/>.</summary>
    public static void CloseSilent(this ListenOptions endpoint) => endpoint.Use(next => async connection =>
    {
        if (await HasSpokenAsync(connection)) await next(connection);
        else connection.Abort(new ConnectionAbortedException("Nothing was sent."));
    });

    private static async Task<bool> HasSpokenAsync(ConnectionContext connection)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        limit.CancelAfter(Patience);
        try
        {
            var input = connection.Transport.Input;
            var first = await input.ReadAsync(limit.Token);
            input.AdvanceTo(first.Buffer.Start);
            return !first.Buffer.IsEmpty;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return false; // silent for too long, or closed before it sent a byte: nobody waits for an answer
        }
    }
}
