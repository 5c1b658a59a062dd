namespace Streaming.Common.Threads;

/// <summary>A signal for one waiter, without an operating-system handle: one Set lets one Wait return.</summary>
public sealed class AutoResetSignal
{
    private readonly object gate = new();
    private bool set;

    /// <summary>Lets one wait pass, now or later.</summary>
    public void Set()
    {
        lock (gate)
        {
            set = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Waits for <see cref="Set"/>.</summary>
    public void Wait()
    {
        lock (gate)
        {
            while (!set) Monitor.Wait(gate);
            set = false;
        }
    }

    /// <summary>Waits for <see cref="Set"/>, at most this long; false when it did not come.</summary>
    public bool Wait(TimeSpan most)
    {
        lock (gate)
        {
            if (!set) Monitor.Wait(gate, most);
            var was = set;
            set = false;
            return was;
        }
    }
}
