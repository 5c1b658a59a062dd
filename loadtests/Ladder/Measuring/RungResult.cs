namespace Streaming.Loadtests.Ladder.Measuring;

/// <summary>What one rung measured of its own process.</summary>
/// <param name="Name">The rung.</param>
/// <param name="Events">Events sent that it has handled, each once.</param>
/// <param name="Seconds">From the first request for records to the end of the last event's work.</param>
/// <param name="CpuSeconds">Processor time of the process in that time, librdkafka's and the runtime's threads included.</param>
/// <param name="AllocatedBytes">Managed bytes allocated in that time, by all threads.</param>
/// <param name="PeakBytes">Largest resident memory of the process, from its start to the end.</param>
/// <param name="Note">What else is worth knowing, or empty.</param>
public sealed record RungResult(string Name, long Events, double Seconds, double CpuSeconds, long AllocatedBytes, long PeakBytes,
    string Note)
{
    /// <summary>The same from the moment when half of the events were handled to the last one: compiled and warm, as a service is for days.
    /// Null where it was not taken.</summary>
    public RungHalf? SecondHalf { get; init; }

    /// <summary>Seconds from the making of the process to the first event handled; 0 where it was not taken.</summary>
    public double FirstAfter { get; init; }

    /// <summary>Events per second.</summary>
    public double EventsPerSecond => Events / Seconds;

    /// <summary>Processor seconds per million events.</summary>
    public double CpuSecondsPerMillion => CpuSeconds * 1e6 / Events;

    /// <summary>Managed bytes per event.</summary>
    public double BytesPerEvent => AllocatedBytes / (double)Events;
}

/// <summary>A part of a rung.</summary>
/// <param name="Events">Events handled in it.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="CpuSeconds">Processor time of the process in that time.</param>
/// <param name="AllocatedBytes">Managed bytes allocated in that time, by all threads.</param>
public sealed record RungHalf(long Events, double Seconds, double CpuSeconds, long AllocatedBytes)
{
    /// <summary>Events per second.</summary>
    public double EventsPerSecond => Events / Seconds;

    /// <summary>Processor seconds per million events.</summary>
    public double CpuSecondsPerMillion => CpuSeconds * 1e6 / Events;

    /// <summary>Managed bytes per event.</summary>
    public double BytesPerEvent => AllocatedBytes / (double)Events;
}
