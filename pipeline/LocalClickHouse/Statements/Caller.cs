namespace Streaming.LocalClickHouse.Statements;

/// <summary>Who a request comes from.</summary>
internal enum Caller
{
    /// <summary>May read, insert, create, alter and drop, as far as the gate lets it.</summary>
    Owner,

    /// <summary>May read.</summary>
    Reader,
}
