using Streaming.App.Commands;
using Streaming.App.Hosting;

ParentWatch.DieWithParent();
return await Cli.RunAsync(args);
