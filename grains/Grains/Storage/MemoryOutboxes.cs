using System.Globalization;

namespace Streaming.Grains.Storage;

/// <summary>Outboxes in memory and who holds them.</summary>
public sealed class MemoryOutboxes(TimeProvider clock) : IOutboxes
{
    private readonly Lock gate = new();
    private readonly List<MemoryOutboxRows> outboxes = [];

    /// <inheritdoc/>
    public Task<OutboxLease> ClaimAsync(string owner, TimeSpan length, CancellationToken cancel)
    {
        lock (gate)
        {
            var free = outboxes.Where(o => o.Free(clock)).OrderByDescending(o => o.Waits).FirstOrDefault();
            if (free is null)
            {
                outboxes.Add(free = new MemoryOutboxRows(string.Create(CultureInfo.InvariantCulture, $"w{outboxes.Count + 1}")));
            }

            return Task.FromResult(free.Take(clock, length));
        }
    }

    /// <inheritdoc/>
    public Task<OutboxLease?> AdoptAsync(string owner, TimeSpan length, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(outboxes.FirstOrDefault(o => o.Free(clock) && o.Waits)?.Take(clock, length));
    }

    /// <inheritdoc/>
    public Task<bool> RenewAsync(OutboxLease lease, TimeSpan length, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(outboxes.Any(o => o.Renew(lease, clock, length)));
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(OutboxLease lease, CancellationToken cancel) => RenewAsync(lease, TimeSpan.Zero, cancel);

    /// <inheritdoc/>
    public Task<OutboxState> StateAsync(OutboxLease lease, CancellationToken cancel) => Task.FromResult(Of(lease).Open());

    /// <inheritdoc/>
    public IOutboxRows RowsOf(OutboxLease lease) => Of(lease);

    /// <summary>The outbox of a lease.</summary>
    /// <exception cref="FencedException">It has another holder by now.</exception>
    internal MemoryOutboxRows Of(OutboxLease lease)
    {
        lock (gate)
        {
            return outboxes.FirstOrDefault(o => o.Writer == lease.Writer && o.Token == lease.Token)
                ?? throw new LeaseLostException(lease);
        }
    }
}
