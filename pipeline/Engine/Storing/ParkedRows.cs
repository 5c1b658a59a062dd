using System.Data.Common;

namespace Streaming.Engine.Storing;

/// <summary>Parked items as rows of a database, whichever it is.</summary>
public static class ParkedRows
{
    /// <summary>What to select.</summary>
    public const string Columns = "id, kind, target, reason, bytes";

    /// <summary>Reads all rows of <see cref="Columns"/>.</summary>
    public static List<ParkedItem> Read(DbDataReader rows)
    {
        var items = new List<ParkedItem>();
        while (rows.Read())
        {
            items.Add(new ParkedItem(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetString(3),
                rows.GetFieldValue<byte[]>(4)));
        }

        return items;
    }
}
