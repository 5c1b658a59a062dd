using System.IO.Pipelines;
using System.IO.Pipes;
using Streaming.LocalClickHouse.Statements;
using PipeOptions = System.IO.Pipelines.PipeOptions;

namespace Streaming.LocalClickHouse.Http;

/// <summary>
/// A pipe of the operating system into which the engine writes its result as into a file: any format comes out exactly as a server sends
/// it, with flat memory, at the speed of whoever reads. A thread carries it over to <see cref="Reader"/>, which holds at most
/// <see cref="Buffered"/> bytes.
/// </summary>
internal sealed class ResultPipe : IDisposable
{
    /// <summary>A result up to this size is complete before the response begins, so that
    /// status and counts are final. As ClickHouse's buffer.</summary>
    public const int Buffered = 1 << 20;

    private readonly AnonymousPipeServerStream pipe = new(PipeDirection.In, HandleInheritability.None);
    private readonly Pipe carried = new(new PipeOptions(pauseWriterThreshold: 2 * Buffered, resumeWriterThreshold: Buffered,
        minimumSegmentSize: 64 << 10, useSynchronizationContext: false));

    public ResultPipe()
    {
        Path = EngineFiles.PathOf(pipe.ClientSafePipeHandle);
        new Thread(Carry, 256 << 10) { IsBackground = true, Name = "clickhouse-result" }.Start();
    }

    /// <summary>The path the engine writes to.</summary>
    public string Path { get; }

    /// <summary>The result as it comes; complete after <see cref="EngineDone"/>. Completing
    /// the reader early makes the engine's next write fail.</summary>
    public PipeReader Reader => carried.Reader;

    /// <summary>The engine has returned: nothing more will be written.</summary>
    public void EngineDone() => pipe.DisposeLocalCopyOfClientHandle();

    /// <inheritdoc/>
    public void Dispose()
    {
        EngineDone();
        carried.Reader.Complete();
    }

    private void Carry()
    {
        Exception? failure = null;
        try
        {
            for (var open = true; open;)
            {
                var memory = carried.Writer.GetMemory(64 << 10);
                var read = pipe.Read(memory.Span);
                carried.Writer.Advance(read);
                // Blocks while the reader is behind; this thread has nothing else to do.
                open = read > 0 && !carried.Writer.FlushAsync().AsTask().GetAwaiter().GetResult().IsCompleted;
            }
        }
        catch (IOException e)
        {
            failure = e;
        }
        carried.Writer.Complete(failure);
        pipe.Dispose();
    }
}
