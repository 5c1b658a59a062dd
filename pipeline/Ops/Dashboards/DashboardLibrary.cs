using System.Reflection;

namespace Streaming.Ops.Dashboards;

/// <summary>Every dashboard this program carries: the files of the folder <c>dashboards</c>, built in. Immutable, thread-safe.</summary>
public sealed class DashboardLibrary
{
    private const string Folder = "Dashboards/";
    private const string First = Folder + "overview.json";
    private readonly Dictionary<string, Dashboard> byUid;

    private DashboardLibrary(IReadOnlyList<Dashboard> all)
    {
        All = all;
        byUid = all.ToDictionary(d => d.Uid, StringComparer.Ordinal);
    }

    /// <summary>The dashboards: the overview, then the others in the order of their file names.</summary>
    public IReadOnlyList<Dashboard> All { get; }

    /// <summary>Reads the built-in files.</summary>
    /// <exception cref="InvalidDataException">A file cannot be read: a mistake of the build.</exception>
    public static DashboardLibrary Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).OrderBy(n => n != First)
            .ThenBy(n => n, StringComparer.Ordinal);
        return new DashboardLibrary([.. names.Select(n => Dashboard.Parse(n[Folder.Length..], Bytes(n)))]);

        byte[] Bytes(string name)
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    /// <summary>The dashboard with this uid, or null.</summary>
    public Dashboard? Find(string uid) => byUid.GetValueOrDefault(uid);
}
