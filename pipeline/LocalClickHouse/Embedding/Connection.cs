using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Streaming.LocalClickHouse.Embedding;

/// <summary>
/// One connection to the engine and the thread that owns it: the engine's calls block, and a connection allows one call at a time. Calls
/// made from several threads run one after another.
/// </summary>
internal sealed unsafe class Connection : IDisposable
{
    /// <summary>The engine recurses deeply while it plans; a server's threads have 8 MiB too.</summary>
    private const int StackBytes = 16 << 20;

    private readonly Chdb chdb;
    private readonly nint* handle;
    private readonly BlockingCollection<Action> work = [];
    private long busySince;
    private int closed;

    public Connection(Chdb chdb, nint* handle, string label)
    {
        this.chdb = chdb;
        this.handle = handle;
        Label = label;
        new Thread(Work, StackBytes) { IsBackground = true, Name = label }.Start();
    }

    /// <summary>Unique in the process and set as the connection's <c>log_comment</c>:
    /// the only handle by which its query can be killed.</summary>
    public string Label { get; }

    /// <summary>The database that unqualified names resolve to; null before the first, and when a failed call left it in doubt.</summary>
    public string? Database { get; set; }

    /// <summary>When the present call began, by <see cref="Stopwatch.GetTimestamp"/>; 0 when idle. Any thread may read it.</summary>
    public long BusySince => Volatile.Read(ref busySince);

    /// <summary>Runs one statement. Never throws for what the engine refuses: that is <see cref="EngineResult.Error"/>.</summary>
    /// <param name="sql">The statement, UTF-8.</param>
    /// <param name="format">The format of <see cref="EngineResult.Body"/> when the statement names none.</param>
    /// <param name="parameters">Values for <c>{name:Type}</c>, in the escaped form of TabSeparated; never part of the text.</param>
    public Task<EngineResult> RunAsync(byte[] sql, string format = "TabSeparated",
        IReadOnlyList<KeyValuePair<string, string>>? parameters = null)
    {
        var done = new TaskCompletionSource<EngineResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            Volatile.Write(ref busySince, Stopwatch.GetTimestamp());
            try
            {
                done.SetResult(Call(sql, Encoding.UTF8.GetBytes(format), parameters ?? []));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
            finally
            {
                Volatile.Write(ref busySince, 0);
            }
        });
        return done.Task;
    }

    /// <inheritdoc cref="RunAsync(byte[], string, IReadOnlyList{KeyValuePair{string, string}})"/>
    public Task<EngineResult> RunAsync(string sql) => RunAsync(Encoding.UTF8.GetBytes(sql));

    /// <summary>Closes the connection after the calls already waiting. The thread ends by itself.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref closed, 1) == 0)
        {
            work.Add(() => chdb.CloseConnection(handle));
            work.CompleteAdding();
        }
    }

    private void Work()
    {
        foreach (var work in work.GetConsumingEnumerable())
        {
            work();
        }
        work.Dispose();
    }

    private EngineResult Call(byte[] sql, byte[] format, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var count = parameters.Count;
        var texts = new byte[count * 2][];
        for (var i = 0; i < count; i++)
        {
            texts[i] = Encoding.UTF8.GetBytes(parameters[i].Key);
            texts[count + i] = Encoding.UTF8.GetBytes(parameters[i].Value);
        }
        var pins = new GCHandle[texts.Length];
        var pointers = new byte*[texts.Length + 1];
        var lengths = new nuint[texts.Length + 1];
        try
        {
            for (var i = 0; i < texts.Length; i++)
            {
                pins[i] = GCHandle.Alloc(texts[i], GCHandleType.Pinned);
                pointers[i] = (byte*)pins[i].AddrOfPinnedObject();
                lengths[i] = (nuint)texts[i].Length;
            }
            fixed (byte* query = sql, name = format)
            fixed (byte** all = pointers)
            fixed (nuint* sizes = lengths)
            {
                return Read(chdb.QueryWithParams(*handle, query, (nuint)sql.Length, name, (nuint)format.Length, all, sizes, all + count,
                    sizes + count, (nuint)count));
            }
        }
        finally
        {
            foreach (var pin in pins)
            {
                if (pin.IsAllocated)
                {
                    pin.Free();
                }
            }
        }
    }

    private EngineResult Read(nint result)
    {
        if (result == 0)
        {
            return EngineResult.Failed("Code: 1002. DB::Exception: The engine gave no result. (UNKNOWN_EXCEPTION)");
        }
        try
        {
            // After an error the counts are whatever was in memory: not read.
            var error = chdb.Error(result);
            if (error != null)
            {
                return EngineResult.Failed(Marshal.PtrToStringUTF8((nint)error) ?? "");
            }
            var length = checked((int)chdb.Length(result));
            var body = length == 0 ? [] : new ReadOnlySpan<byte>(chdb.Buffer(result), length).ToArray();
            return new EngineResult(
                body, null,
                chdb.ResultRows(result), chdb.ResultBytes(result),
                chdb.ReadRows(result), chdb.ReadBytes(result),
                chdb.WrittenRows(result), chdb.WrittenBytes(result),
                (long)(chdb.Elapsed(result) * 1e9));
        }
        finally
        {
            chdb.DestroyResult(result);
        }
    }
}
