using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Client;
using Streaming.Common.Hosting;
using Orleans.Configuration;
using Streaming.Contract.Records;
using Streaming.Grains;
using Streaming.Grains.Actors;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;
using Streaming.Ops;
using Streaming.Ops.Hosting;
using Streaming.Engine.Status;
using Streaming.Silo.Ingestion;
using Streaming.Silo.Sending;
using Streaming.Silo.Storage;

namespace Streaming.Silo.Hosting;

/// <summary>The silo itself: Orleans with membership and reminders in the cluster's database,
/// members, ingestion, and the service that adopts outboxes left by dead silos.</summary>
internal static class SiloHost
{
    private const string Invariant = "Npgsql";
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);

    /// <summary>Builds it; nothing runs before it is started.</summary>
    /// <param name="settings">Validated settings.</param>
    /// <param name="truth">The cluster's store.</param>
    /// <param name="outbox">The outbox this silo holds.</param>
    /// <param name="stop">Stops it.</param>
    public static IHost Build(SiloSettings settings, OpenedCluster truth, SiloOutbox outbox, CancellationToken stop)
    {
        var builder = ProgramHost.Create(settings, LongestStop, stop);
        var services = builder.Services;
        services.AddSingleton(truth).AddSingleton(truth.Storage.Store).AddSingleton(truth.Rules)
            .AddSingleton(new PseudonymKey(truth.Identity.PseudonymKey));
        services.AddSingleton(outbox).AddSingleton<ISiloOutbox>(outbox).AddSingleton(outbox.Parts).AddSingleton<SiloReport>();
        services.AddSingleton(outbox.Status.Sampling);
        services.AddSingleton(s => ParkedCounters.Of(outbox, truth, s.GetRequiredService<ILogger<ParkedCounter>>()));
        services.AddSingleton<ClusterRules>().AddSingleton<IClusterRules>(s => s.GetRequiredService<ClusterRules>());
        builder.UseOrleans(silo => Configure(silo, settings));
        services.AddHostedService(s => s.GetRequiredService<ClusterRules>());
        services.AddHostedService<OutboxAdopter>();
        services.AddIngestion(settings.Kafka, settings.Ingestion, new InputTopics(""));
        services.AddSingleton<IClickHouse>(_ => new ClickHouseClient(settings.ClickHouse.ForReading())); // for pages and dashboards
        services.AddSingleton(settings.Ops).AddSingleton(settings.Telemetry).AddSingleton<OpsService>()
            .AddSingleton<IOpsHost, ClusterOps>();
        services.AddHostedService<SiloOpsService>();
        var host = builder.Build();
        host.Services.GetRequiredService<SiloReport>(); // it is told of what is read, before anything is
        return host;
    }

    private static void Configure(ISiloBuilder silo, SiloSettings settings)
    {
        var port = settings.Silo.Port > 0 ? settings.Silo.Port : FreePort();
        if (settings.Storage.InMemory)
        {
            silo.UseLocalhostClustering(port, gatewayPort: 0, serviceId: settings.Silo.Cluster, clusterId: settings.Silo.Cluster);
            silo.UseInMemoryReminderService();
        }
        else
        {
            var connection = Storage.Postgres.PostgresSettings.Complete(settings.Storage.Postgres).ToString();
            silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, connection));
            silo.UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Invariant, connection));
        }

        silo.Configure<ClusterOptions>(o => o.ClusterId = o.ServiceId = settings.Silo.Cluster);
        silo.Configure<EndpointOptions>(o =>
        {
            o.AdvertisedIPAddress = IPAddress.Parse(settings.Silo.Address);
            o.SiloPort = port;
            o.GatewayPort = 0; // no clients connect to silos
            o.SiloListeningEndpoint =
                new IPEndPoint(IPAddress.IsLoopback(o.AdvertisedIPAddress) ? IPAddress.Loopback : IPAddress.Any, port);
        });
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = ProbeEvery;
            o.NumMissedProbesLimit = (int)(settings.Silo.DeadAfter / ProbeEvery);
            o.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            o.DefunctSiloExpiration = TimeSpan.FromHours(1);
            o.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
        });
        silo.Services.Configure<GrainsSettings>(o =>
        {
            (o.Buckets, o.MaxRecords, o.Inbox) = (settings.Members.Buckets, settings.Members.MaxRecords, settings.Members.Inbox);
            (o.RetryFor, o.LookEvery, o.MembersPerLook) =
                (settings.Members.RetryFor, settings.Members.LookEvery, settings.Members.MembersPerLook);
        });
        silo.AddMembers();
    }

    /// <summary>A port nobody listens on, below those that the system gives to connections,
    /// so that none is taken between here and its use.</summary>
    private static int FreePort()
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(e => e.Port).ToHashSet();
        while (true)
        {
            var port = Random.Shared.Next(12_000, 30_000);
            if (!taken.Contains(port)) return port;
        }
    }
}
