using Streaming.Common.CommandLine;

namespace Streaming.ClickHouse.Client;

/// <summary>Whose fault a failure is: it decides who has to act, and whether waiting helps.</summary>
public enum Fault
{
    /// <summary>Not reached, no answer in time, or the connection broke: worth a retry by the caller. Whether the request took effect is
    /// not known.</summary>
    Network,

    /// <summary>ClickHouse is short of something (memory, disk, time, connections) or shutting down: worth a retry by the caller.</summary>
    Server,

    /// <summary>Wrong credentials, missing rights, or a database or table that is not
    /// there: in vain until an operator puts it right.</summary>
    Setup,

    /// <summary>The query or block itself is refused: waiting does not help.</summary>
    Request,
}

/// <summary>ClickHouse did not do what it was asked.</summary>
public sealed class ClickHouseException(Fault whose, int code, string message, Exception? inner = null)
    : Exception(message, inner), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => Whose == Fault.Setup ? ExitCodes.WrongUsage : ExitCodes.Failed;

    /// <summary>ClickHouse's exception code; 0 when it sent none.</summary>
    public int Code { get; } = code;

    /// <summary>Whose fault it is.</summary>
    public Fault Whose { get; } = whose;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsRetryable => Whose != Fault.Request;

    /// <summary>What an operator can do about it, as a sentence behind another; empty when nothing.</summary>
    public static string Advice(Fault whose) => whose switch
    {
        Fault.Setup => " Check User, Password and Database of ClickHouse in the settings, and the user's rights.",
        Fault.Server => " It is tried again.",
        _ => "",
    };

    /// <summary>Whose fault an answer with this exception code is; without a code the HTTP status decides.</summary>
    public static Fault Classify(int code, int status) => code switch
    {
        0 => status is 401 or 403 or 404 ? Fault.Setup : Fault.Server,

        // UNKNOWN_TABLE, UNKNOWN_DATABASE, READONLY, UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, ACCESS_DENIED, AUTHENTICATION_FAILED
        60 or 81 or 164 or 192 or 193 or 194 or 497 or 516 => Fault.Setup,

        // TIMEOUT_EXCEEDED, TOO_SLOW, CANNOT_ALLOCATE_MEMORY, TOO_MANY_SIMULTANEOUS_QUERIES, SOCKET_TIMEOUT, NETWORK_ERROR,
        // MEMORY_LIMIT_EXCEEDED, TABLE_IS_READ_ONLY, NOT_ENOUGH_SPACE, TOO_MANY_PARTS, CANNOT_WRITE_TO_FILE_DESCRIPTOR, ABORTED
        159 or 160 or 173 or 202 or 209 or 210 or 241 or 242 or 243 or 252 or 75 or 236 => Fault.Server,

        // QUORUM and KEEPER trouble, UNKNOWN_STATUS_OF_INSERT, QUERY_WAS_CANCELLED, SYSTEM_ERROR, CANNOT_SCHEDULE_TASK, SERVER_OVERLOADED
        285 or 286 or 319 or 999 or 394 or 425 or 439 or 745 => Fault.Server,
        _ => Fault.Request,
    };
}
