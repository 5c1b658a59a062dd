using System.Diagnostics.Metrics;

namespace Streaming.Loadtests.Ladder.Grains;

/// <summary>Messages that silos send each other and their bytes, as the runtime measures them.</summary>
internal sealed class NetworkCounter : IDisposable
{
    private const string Size = "orleans-messaging-sent-messages-size";
    private readonly MeterListener listener = new();
    private long messages, bytes;

    public NetworkCounter()
    {
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == Size) to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, size, _, _) => Add(size));
        listener.SetMeasurementEventCallback<long>((_, size, _, _) => Add(size));
        listener.Start();
    }

    /// <summary>So far.</summary>
    public (long Messages, long Bytes) Read() => (Interlocked.Read(ref messages), Interlocked.Read(ref bytes));

    public void Dispose() => listener.Dispose();

    private void Add(long size)
    {
        Interlocked.Increment(ref messages);
        Interlocked.Add(ref bytes, size);
    }
}
