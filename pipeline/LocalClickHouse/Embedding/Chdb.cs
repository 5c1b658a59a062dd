using System.Runtime.InteropServices;

namespace Streaming.LocalClickHouse.Embedding;

/// <summary>
/// The C functions of libchdb, by address. Nothing here allocates or interprets; <see cref="Engine"/> and <see cref="Connection"/> do.
/// A connection pointer may be used by one thread at a time; different connections may be used side by side.
/// </summary>
internal sealed unsafe class Chdb
{
    public readonly delegate* unmanaged[Cdecl]<int, byte**, nint*> Connect;
    public readonly delegate* unmanaged[Cdecl]<nint*, void> CloseConnection;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, byte**, nuint*, byte**, nuint*, nuint,
        nint> QueryWithParams;
    public readonly delegate* unmanaged[Cdecl]<nint, void> DestroyResult;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*> Error;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*> Buffer;
    public readonly delegate* unmanaged[Cdecl]<nint, nuint> Length;
    public readonly delegate* unmanaged[Cdecl]<nint, double> Elapsed;
    public readonly delegate* unmanaged[Cdecl]<nint, ulong> ResultRows;
    public readonly delegate* unmanaged[Cdecl]<nint, ulong> ResultBytes;
    public readonly delegate* unmanaged[Cdecl]<nint, ulong> ReadRows;
    public readonly delegate* unmanaged[Cdecl]<nint, ulong> ReadBytes;
    public readonly delegate* unmanaged[Cdecl]<nint, ulong> WrittenRows;
    public readonly delegate* unmanaged[Cdecl]<nint, ulong> WrittenBytes;
    private readonly delegate* unmanaged[Cdecl]<int, void> setSignalHandlersEnabled;

    public Chdb(string path)
    {
        var library = NativeLibrary.Load(path);
        nint Find(string name) => NativeLibrary.GetExport(library, name);
        Connect = (delegate* unmanaged[Cdecl]<int, byte**, nint*>)Find("chdb_connect");
        CloseConnection = (delegate* unmanaged[Cdecl]<nint*, void>)Find("chdb_close_conn");
        QueryWithParams = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, byte**, nuint*, byte**, nuint*, nuint,
            nint>)Find("chdb_query_with_params_n");
        DestroyResult = (delegate* unmanaged[Cdecl]<nint, void>)Find("chdb_destroy_query_result");
        Error = (delegate* unmanaged[Cdecl]<nint, byte*>)Find("chdb_result_error");
        Buffer = (delegate* unmanaged[Cdecl]<nint, byte*>)Find("chdb_result_buffer");
        Length = (delegate* unmanaged[Cdecl]<nint, nuint>)Find("chdb_result_length");
        Elapsed = (delegate* unmanaged[Cdecl]<nint, double>)Find("chdb_result_elapsed");
        ResultRows = (delegate* unmanaged[Cdecl]<nint, ulong>)Find("chdb_result_rows_read");
        ResultBytes = (delegate* unmanaged[Cdecl]<nint, ulong>)Find("chdb_result_bytes_read");
        ReadRows = (delegate* unmanaged[Cdecl]<nint, ulong>)Find("chdb_result_storage_rows_read");
        ReadBytes = (delegate* unmanaged[Cdecl]<nint, ulong>)Find("chdb_result_storage_bytes_read");
        WrittenRows = (delegate* unmanaged[Cdecl]<nint, ulong>)Find("chdb_result_rows_written");
        WrittenBytes = (delegate* unmanaged[Cdecl]<nint, ulong>)Find("chdb_result_bytes_written");
        setSignalHandlersEnabled = (delegate* unmanaged[Cdecl]<int, void>)Find("chdb_set_signal_handlers_enabled");
    }

    /// <summary>Asks the engine not to install handlers for fatal signals. It resets the present ones: only inside
    /// <see cref="HostSignals.Keep"/>.</summary>
    public void LeaveSignalsAlone() => setSignalHandlersEnabled(0);
}
