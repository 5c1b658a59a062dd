using Streaming.Ladder;

return await LadderCommand.RunAsync(args);
