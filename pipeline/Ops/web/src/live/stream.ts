// EventSource is not used: it cannot send the API key header and does not give the status of a refusal.

/**
 * Reads a stream of server-sent events, each as name and data.
 * @param silence Called when nothing came for so long: a server that hangs does not close its connections.
 */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>, silence: { after: number; call(): void }): AsyncGenerator<[name: string, data: string]> {
  let rest = '';
  let timer = 0;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(silence.call, silence.after) as unknown as number;
  };
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  try {
    for (;;) {
      wait();
      const { value, done } = await reader.read();
      if (done) return;
      rest += value;
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const lines = rest.slice(0, end).split('\n');
        rest = rest.slice(end + 2);
        const name = lines.find((line) => line.startsWith('event: '))?.slice(7);
        const data = lines.find((line) => line.startsWith('data: '))?.slice(6);
        if (name && data) yield [name, data];
      }
    }
  } finally {
    clearTimeout(timer);
  }
}
