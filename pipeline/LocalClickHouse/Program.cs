using Streaming.Common.CommandLine;
using Streaming.Common.Files;
using Streaming.Common.Processes;
using Streaming.LocalClickHouse;

PrivateDirectory.MakeNewFilesPrivate();
ParentWatch.DieWithParent();
return await CommandRunner.RunAsync(ClickHouseCommand.Create(), args, "local-clickhouse", ClickHouseServer.LongestStop);
