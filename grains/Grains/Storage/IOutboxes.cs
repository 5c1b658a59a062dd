namespace Streaming.Grains.Storage;

/// <summary>Who may write and send which outbox. Each has at most one holder, by a
/// lease that ends unless it is renewed. Thread-safe.</summary>
/// <remarks>The database's clock decides when a lease ends; a holder that cannot renew in time stops sending before that
/// (<see cref="LeaseTerm"/>).</remarks>
public interface IOutboxes
{
    /// <summary>Takes an outbox that nobody holds, one in which work waits first; makes a new one when there is none.</summary>
    /// <param name="owner">Who asks, for people to read.</param>
    /// <param name="length">How long the lease lasts.</param>
    /// <exception cref="StoreException">The database is away or refuses.</exception>
    Task<OutboxLease> ClaimAsync(string owner, TimeSpan length, CancellationToken cancel);

    /// <summary>Takes an outbox that nobody holds and in which work waits; null when there is none.</summary>
    /// <inheritdoc cref="ClaimAsync" path="/param"/>
    /// <inheritdoc cref="ClaimAsync" path="/exception"/>
    Task<OutboxLease?> AdoptAsync(string owner, TimeSpan length, CancellationToken cancel);

    /// <summary>Makes the lease last <paramref name="length"/> from now on; false when the outbox has another holder by now.</summary>
    /// <inheritdoc cref="ClaimAsync" path="/exception"/>
    Task<bool> RenewAsync(OutboxLease lease, TimeSpan length, CancellationToken cancel);

    /// <summary>Gives the outbox back, so that another may take it at once. Nothing happens when it has another holder by now.</summary>
    /// <inheritdoc cref="ClaimAsync" path="/exception"/>
    Task ReleaseAsync(OutboxLease lease, CancellationToken cancel);

    /// <summary>How an outbox stands now, once any commit under way has ended.</summary>
    /// <exception cref="LeaseLostException">It has another holder by now.</exception>
    /// <inheritdoc cref="ClaimAsync" path="/exception"/>
    Task<OutboxState> StateAsync(OutboxLease lease, CancellationToken cancel);

    /// <summary>What the database keeps of an outbox.</summary>
    IOutboxRows RowsOf(OutboxLease lease);
}
