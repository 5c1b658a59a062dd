namespace Streaming.Ladder.Rungs;

/// <summary>What one rung measured of its own process.</summary>
/// <param name="Name">The rung.</param>
/// <param name="Events">Events sent that it has handled, each once.</param>
/// <param name="Seconds">From the first request for records to the end of the last event's work.</param>
/// <param name="CpuSeconds">Processor time of the process in that time, librdkafka's and the runtime's threads included.</param>
/// <param name="AllocatedBytes">Managed bytes allocated in that time, by all threads.</param>
/// <param name="PeakBytes">Largest resident memory of the process, from its start to the end.</param>
/// <param name="Note">What else is worth knowing, or empty.</param>
public sealed record RungResult(string Name, long Events, double Seconds, double CpuSeconds, long AllocatedBytes, long PeakBytes, string Note)
{
    /// <summary>Events per second.</summary>
    public double EventsPerSecond => Events / Seconds;

    /// <summary>Processor seconds per million events.</summary>
    public double CpuSecondsPerMillion => CpuSeconds * 1e6 / Events;

    /// <summary>Managed bytes per event.</summary>
    public double BytesPerEvent => AllocatedBytes / (double)Events;
}
