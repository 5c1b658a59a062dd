namespace Streaming.Silo.Storage;

/// <summary>Where the cluster's state is stored.</summary>
public sealed class StorageSettings
{
    /// <summary>
    /// Connection string of PostgreSQL 15 or newer (<c>Host=…;Database=…;Username=…;Password=…</c>), the same for all silos; its user may
    /// create tables. A connection pooler must keep sessions. Passwords are never logged.
    /// </summary>
    public string Postgres { get; set; } = "";

    /// <summary>True keeps everything in this process's memory instead: one silo, gone
    /// when it ends, for a try-out. Default false.</summary>
    public bool InMemory { get; set; }

    /// <summary>Adds a sentence for every wrong value.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        if (Postgres.Length == 0 && !InMemory)
        {
            errors.Add($"{path}:Postgres is empty; give the connection string of the cluster's database, or {path}:InMemory for a try-out.");
        }
        if (Postgres.Length > 0 && InMemory) errors.Add($"{path}:InMemory is set although {path}:Postgres names a database; choose one.");
        if (Postgres.Length > 0) Storage.Postgres.PostgresSettings.Validate($"{path}:Postgres", Postgres, errors);
    }

    /// <summary>The database as it may be logged.</summary>
    internal string PostgresHost
    {
        get
        {
            var given = Storage.Postgres.PostgresSettings.Complete(Postgres);
            return $"{given.Host}:{given.Port}/{given.Database}";
        }
    }
}
