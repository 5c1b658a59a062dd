using Streaming.ClickHouse.Client;
using Streaming.Ops.Hosting;

namespace Streaming.Ops.Live;

/// <summary>Sends SELECT 1 to ClickHouse every two seconds, so that a hanging server is noticed within seconds and not only after a query's
/// time-out.</summary>
/// <remarks>Any HTTP answer counts, also an error. Called by one thread.</remarks>
public sealed class ClickHousePulse(IOpsHost host, TimeProvider time)
{
    private const long Every = 2_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private Task<bool> asking = Task.FromResult(true);
    private long askedAt = long.MinValue / 2;
    private long unansweredSince;

    /// <summary>Since when nothing was answered, epoch milliseconds; 0 while ClickHouse answers.</summary>
    public long SilentSince { get; private set; }

    /// <summary>Takes the answer, and asks again when it is time to.</summary>
    /// <param name="prepared">Whether ClickHouse has its tables: before that it is being prepared, and no answer is expected.</param>
    public void Refresh(bool prepared)
    {
        if (!asking.IsCompleted) return;
        if (asking is { IsCompletedSuccessfully: true, Result: true }) (unansweredSince, SilentSince) = (0, 0);
        else SilentSince = unansweredSince;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!prepared || now - askedAt < Every) return;
        askedAt = now;
        if (unansweredSince == 0) unansweredSince = now;
        asking = AskAsync();
    }

    private async Task<bool> AskAsync()
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await host.ClickHouse.QueryAsync("SELECT 1", stop: limit.Token);
            return true;
        }
        catch (ClickHouseException e)
        {
            return e.Whose != Fault.Network;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
