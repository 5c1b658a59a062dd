using Streaming.Loadtests.Ladder.Commands;

return await LadderCommand.RunAsync(args);
