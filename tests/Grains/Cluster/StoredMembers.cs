using System.Text;
using Streaming.Grains.Storage;
using Streaming.Members;

namespace Streaming.Grains.Tests.Cluster;

/// <summary>Members as a store or a grain gives them.</summary>
internal static class StoredMembers
{
    /// <summary>The member of a record.</summary>
    public static Member Read(MemberRecord record) => Read(record.Id, record.State);

    /// <summary>A member of this id and state.</summary>
    public static Member Read(string id, byte[] state) => Read(Encoding.UTF8.GetBytes(id), state);

    private static Member Read(byte[] id, byte[] state)
    {
        var member = new Member();
        member.Reset(id);
        member.Read(state);
        return member;
    }
}
