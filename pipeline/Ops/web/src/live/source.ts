import type { HistoryPoint, Sample } from '../base/sample';
import { Figures } from './figures';
import type { HubToTab } from './protocol';
import { serverSentEvents } from './stream';

/** How the server is followed: `stream` sends a sample each second while a tab is visible; `poll` asks every 10 seconds, for the titles of hidden tabs. */
export type Mode = 'stream' | 'poll' | 'none';

const silenceLimitMs = 5000, pollIntervalMs = 10_000, firstRetryMs = 500, longestRetryMs = 5000;

/** The server's figures as one API key gets them. Reconnects by itself and asks only for what it missed. */
export class Source {
  readonly figures = new Figures();
  private mode: Mode = 'none';
  private running = new AbortController();
  private answeredAtMs = 0;

  constructor(private readonly key: string, private readonly send: (message: HubToTab) => void) {}

  /** Whether anything is known yet: figures, or that the server does not answer. */
  get started(): boolean {
    return this.figures.now !== undefined || this.figures.lostSince !== undefined;
  }

  /** Changes how the server is followed; goes on where it stopped. */
  follow(mode: Mode): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.restart();
  }

  /** Restarts the connection, for example after a refused key. */
  restart(): void {
    this.running.abort();
    this.running = new AbortController();
    if (this.mode !== 'none') void this.run(this.running.signal);
  }

  private async run(stop: AbortSignal): Promise<void> {
    for (let retryMs = firstRetryMs; !stop.aborted; retryMs = Math.min(longestRetryMs, retryMs * 2)) {
      const before = this.answeredAtMs;
      let polled = false;
      try {
        polled = this.mode === 'poll' || !(await this.stream(stop));
        if (polled && !stop.aborted) await this.pollOnce(stop);
      } catch (error) {
        if (!stop.aborted) console.debug('The live connection ended and is opened again.', error);
      }
      if (stop.aborted) return;
      const answered = this.answeredAtMs !== before;
      // A stream that ends is a lost connection, whatever it sent before.
      if (!polled || !answered) this.lost();
      if (answered) retryMs = firstRetryMs;
      await pause(this.mode === 'poll' || (polled && answered) ? pollIntervalMs : retryMs, stop);
    }
  }

  // Returns false when the server's limit of followers is reached.
  private async stream(stop: AbortSignal): Promise<boolean> {
    const hung = new AbortController();
    const quiet = { after: silenceLimitMs, call: () => hung.abort(new Error(`Nothing came for ${silenceLimitMs} ms.`)) };
    const first = setTimeout(quiet.call, silenceLimitMs);
    const lastId = this.figures.history.at(-1)?.id ?? 0;
    const response = await this.ask('/v1/live', AbortSignal.any([stop, hung.signal]), { 'Last-Event-ID': String(lastId) });
    clearTimeout(first);
    if (!response) return true;
    if (response.status === 503) return false;
    for await (const [name, data] of serverSentEvents(response.body!, quiet)) {
      if (stop.aborted) return true;
      if (name === 'now') {
        const sample = JSON.parse(data) as Sample;
        this.figures.append(sample);
        this.answered(sample);
      } else {
        this.figures.add(JSON.parse(data) as HistoryPoint[]);
        this.send({ all: this.figures });
      }
    }
    return true;
  }

  private async pollOnce(stop: AbortSignal): Promise<void> {
    const response = await this.ask('/v1/status', AbortSignal.any([stop, AbortSignal.timeout(silenceLimitMs)]), {});
    if (!response?.ok) return;
    const sample = (await response.json()) as Sample;
    this.figures.replace(sample);
    this.answered(sample);
  }

  // Returns the answer, or undefined when the key was refused; then no further request is made until a new key is set.
  private async ask(path: string, signal: AbortSignal, headers: Record<string, string>): Promise<Response | undefined> {
    const response = await fetch(path, { headers: this.key ? { ...headers, 'X-Api-Key': this.key } : headers, signal });
    if (response.status === 401) {
      this.running.abort();
      this.send({ refused: this.key });
      return undefined;
    }
    if (response.ok || response.status === 503) return response;
    throw new Error(`The server answered ${response.status}.`);
  }

  private answered(sample: Sample): void {
    this.answeredAtMs = Date.now();
    this.send({ now: sample });
  }

  private lost(): void {
    if (this.figures.lostSince !== undefined) return;
    this.figures.lostSince = this.answeredAtMs || Date.now();
    this.send({ lostSince: this.figures.lostSince });
  }
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener('abort', () => { clearTimeout(timer); done(); }, { once: true });
  });
}
