namespace Streaming.TestKit;

/// <summary>A file that takes what room there is on its disk.</summary>
public static class Ballast
{
    /// <summary>Writes until the disk is full.</summary>
    public static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var piece = new byte[4096];
        try
        {
            while (true) file.Write(piece);
        }
        catch (IOException)
        {
            return; // it is full
        }
    }
}
