using System.Runtime.CompilerServices;
using Streaming.TestKit;

namespace Streaming.Loadtests.Tests;

/// <summary>These tests stand for a person who has a ClickHouse and has told the programs its password, in the environment.</summary>
internal static class ClickHousePassword
{
    [ModuleInitializer]
    internal static void Set()
    {
        Environment.SetEnvironmentVariable("STREAMING__Host__ClickHouse__User", "default");
        Environment.SetEnvironmentVariable("STREAMING__Host__ClickHouse__Password", EmbeddedClickHouse.Password);
    }
}
