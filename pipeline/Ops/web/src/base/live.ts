import { request } from './api';
import type { HistoryPoint, Sample } from './sample';

/** Follows the server's figures: one sample a second, the last ten minutes kept. Reconnects by itself and asks only for what it missed. */
class Live extends EventTarget {
  /** The newest sample. */
  now: Sample | undefined;
  /** Oldest first. */
  history: HistoryPoint[] = [];
  /** Since when the server has not been heard, epoch milliseconds; undefined while it is. */
  lostSince: number | undefined;

  private readonly kept = 600;
  private lastId = 0;

  start(): void {
    void this.run();
  }

  /** Calls back after every change, and once now; the returned function ends it. */
  watch(changed: () => void): () => void {
    this.addEventListener('change', changed);
    changed();
    return () => this.removeEventListener('change', changed);
  }

  private async run(): Promise<void> {
    for (let wait = 500; ; wait = Math.min(5000, wait * 2)) {
      try {
        const response = await request('/v1/live', { headers: { 'Last-Event-ID': String(this.lastId) } });
        for await (const [name, data] of messages(response.body!)) {
          wait = 500;
          if (name === 'history') this.add(JSON.parse(data) as HistoryPoint[]);
          else this.take(JSON.parse(data) as Sample);
        }
      } catch (error) {
        console.debug('The live connection ended and is opened again.', error);
      }
      this.lostSince ??= Date.now();
      this.dispatchEvent(new Event('change'));
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  private add(points: HistoryPoint[]): void {
    const first = points[0];
    if (first) this.history = this.history.filter((point) => point.id < first.id && point.at < first.at).concat(points).slice(-this.kept);
  }

  private take(sample: Sample): void {
    // Another run of the server counts anew.
    if (this.now && this.now.startedAt !== sample.startedAt) this.history = [];
    this.now = sample;
    this.lastId = sample.id;
    this.lostSince = undefined;
    if (this.history.at(-1)?.id !== sample.id) {
      const rejected = Object.values(sample.rates.rejected).reduce((sum, rate) => sum + rate, 0);
      this.history.push({
        id: sample.id, at: sample.at, events: sample.rates.events, rejected,
        p50: sample.latency?.p50 ?? null, p99: sample.latency?.p99 ?? null, lag: sample.broker.lag,
      });
      if (this.history.length > this.kept) this.history.shift();
    }
    this.dispatchEvent(new Event('change'));
  }
}

// Not EventSource: it can neither send the API key nor say why it was refused.
async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<[string, string]> {
  let rest = '';
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  for (;;) {
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
}

export const live = new Live();
