using System.Text;

namespace Streaming.ClickHouse.Native;

/// <summary>One column of a block in ClickHouse's Native format: filled row by row, written as a whole, emptied and filled again.</summary>
/// <param name="name">Column name in the table.</param>
/// <param name="type">Type as the block declares it; ClickHouse converts it to the table's own.</param>
public abstract class NativeColumn(string name, string type)
{
    private readonly byte[] head = Head(name, type);

    public string Name { get; } = name;

    /// <summary>Rows added since the last <see cref="Clear"/>.</summary>
    public abstract int Rows { get; }

    /// <summary>Bytes that <see cref="WriteTo"/> writes now.</summary>
    public int Size => head.Length + DataSize;

    /// <summary>Bytes that the values of all rows take.</summary>
    protected abstract int DataSize { get; }

    /// <summary>Writes name, type and the values of all rows.</summary>
    public void WriteTo(ref BlockWriter to)
    {
        to.Raw(head);
        WriteData(ref to);
    }

    public abstract void Clear();

    /// <summary>Writes the values of all rows.</summary>
    protected abstract void WriteData(ref BlockWriter to);

    private static byte[] Head(string name, string type)
    {
        var texts = new TextBuffer();
        texts.Add(Encoding.UTF8.GetBytes(name));
        texts.Add(Encoding.UTF8.GetBytes(type));
        return texts.Written.ToArray();
    }
}
