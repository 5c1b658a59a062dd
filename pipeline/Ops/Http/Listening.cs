using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Common.Http;

namespace Streaming.Ops.Http;

/// <summary>What the listeners of the ops server share: address, limits, and the sentence when a port cannot be had.</summary>
internal static class Listening
{
    /// <summary>How long requests may take to end once the server stops.</summary>
    public static readonly TimeSpan RequestsEndWithin = TimeSpan.FromSeconds(2);

    /// <summary>Starts a server on an address of the settings.</summary>
    /// <exception cref="OpsStartException">It cannot be listened on.</exception>
    public static async Task<WebApplication> StartAsync(Func<WebApplication> build, OpsSettings settings, int port, string what,
        CancellationToken stop)
    {
        Try(settings, port, what);
        var app = build();
        try
        {
            await app.StartAsync(stop);
            return app;
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw CannotListen(settings, port, what, e);
        }
    }

    /// <summary>Sets what holds for every listener.</summary>
    public static void Configure(KestrelServerOptions kestrel, OpsSettings settings, int port, int mostConnections)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        kestrel.Limits.MaxConcurrentConnections = mostConnections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = SilentConnections.BetweenRequests;
        // Not ListenLocalhost: it cannot take "any free port".
        kestrel.Listen(AddressOf(settings), port, endpoint => endpoint.CloseSilent());
    }

    /// <summary>Where a started server listens; no slash at the end.</summary>
    public static string BoundUrl(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().TrimEnd('/');

    /// <summary>Tries the port first, because the web server logs a page of text for a taken port before it throws.</summary>
    private static void Try(OpsSettings settings, int port, string what)
    {
        try
        {
            using var listener = new TcpListener(AddressOf(settings), port);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw CannotListen(settings, port, what, e);
        }
    }

    private static OpsStartException CannotListen(OpsSettings settings, int port, string what, Exception e) =>
        new(string.Create(CultureInfo.InvariantCulture,
        $"The {what} cannot listen on {settings.Address}:{port}: {e.InnerException?.Message ?? e.Message}. Choose another port, or 0 " +
            $"for any free one."), e);

    private static IPAddress AddressOf(OpsSettings settings) =>
        settings.Address == "localhost" ? IPAddress.Loopback : IPAddress.Parse(settings.Address);
}
