using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Streaming.Stores.Sqlite;

/// <summary>A statement compiled once and run often, with values bound as they are: no parameter
/// objects, no boxes, no copies of blobs into arrays.</summary>
/// <remarks>Belongs to its connection and is used as that is. Parameters count from 1, columns from 0.</remarks>
internal sealed class PreparedStatement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;

    /// <summary>Compiles it.</summary>
    /// <exception cref="SqliteException">The statement is not valid, or the database cannot be read.</exception>
    public PreparedStatement(SqliteConnection connection, string sql)
    {
        this.connection = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(this.connection, sql, out statement));
    }

    /// <summary>Binds a number.</summary>
    public PreparedStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(statement, parameter, value));
        return this;
    }

    /// <summary>Binds a text.</summary>
    public PreparedStatement Bind(int parameter, string value)
    {
        Check(raw.sqlite3_bind_text(statement, parameter, value));
        return this;
    }

    /// <summary>Binds a blob; an empty one is bound as an empty blob, not as NULL.</summary>
    public PreparedStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, parameter, 0) : raw.sqlite3_bind_blob(statement, parameter, value));
        return this;
    }

    /// <summary>Binds NULL.</summary>
    public PreparedStatement BindNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(statement, parameter));
        return this;
    }

    /// <summary>Moves to the next row; false after the last.</summary>
    /// <exception cref="SqliteException">SQLite refused; the statement can be run again after <see cref="Reset"/>.</exception>
    public bool Step()
    {
        var answer = raw.sqlite3_step(statement);
        if (answer == raw.SQLITE_ROW) return true;
        if (answer == raw.SQLITE_DONE) return false;
        _ = raw.sqlite3_reset(statement); // repeats the error that is thrown here
        SqliteException.ThrowExceptionForRC(answer, connection);
        return false;
    }

    /// <summary>Runs it to its end and makes it ready for the next run.</summary>
    /// <exception cref="SqliteException">SQLite refused.</exception>
    public void Run()
    {
        while (Step())
        {
        }

        Reset();
    }

    /// <summary>Ends the present run: rows are gone, what was read is released.</summary>
    public void Reset() => Check(raw.sqlite3_reset(statement));

    /// <summary>A column of the present row as a number.</summary>
    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    /// <summary>A column of the present row as bytes, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    /// <inheritdoc/>
    public void Dispose() => statement.Dispose();

    private void Check(int answer)
    {
        if (answer != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(answer, connection);
    }
}
