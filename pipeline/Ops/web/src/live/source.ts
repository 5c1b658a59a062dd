import type { HistoryPoint, Sample } from '../base/sample';
import { Figures } from './figures';
import { messages } from './stream';
import type { ToTab } from './talk';

/** How the server is followed: every second while somebody looks; a glance now and then, which holds no connection, for the titles of hidden tabs. */
export type Mode = 'stream' | 'glance' | 'none';

const silence = 5000, glances = 10_000, soonest = 500, latest = 5000;

/** The server's figures as one API key gets them. Reconnects by itself and asks only for what it missed. */
export class Source {
  readonly figures = new Figures();
  private mode: Mode = 'none';
  private running = new AbortController();
  private heard = 0;

  constructor(private readonly key: string, private readonly tell: (message: ToTab) => void) {}

  /** Whether anything is known yet: figures, or that the server is not heard. */
  get started(): boolean {
    return this.figures.now !== undefined || this.figures.lostSince !== undefined;
  }

  /** Changes how the server is followed; goes on where it stopped. */
  follow(mode: Mode): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.again();
  }

  /** Asks anew, after a refusal for example. */
  again(): void {
    this.running.abort();
    this.running = new AbortController();
    if (this.mode !== 'none') void this.run(this.running.signal);
  }

  private async run(stop: AbortSignal): Promise<void> {
    for (let wait = soonest; !stop.aborted; wait = Math.min(latest, wait * 2)) {
      const before = this.heard;
      try {
        if (this.mode === 'stream') await this.stream(stop);
        else await this.glance(stop);
      } catch (error) {
        if (!stop.aborted) console.debug('The live connection ended and is opened again.', error);
      }
      if (stop.aborted) return;
      if (this.mode === 'stream' || this.heard === before) this.lost();
      if (this.heard !== before) wait = soonest;
      await pause(this.mode === 'glance' ? glances : wait, stop);
    }
  }

  private async stream(stop: AbortSignal): Promise<void> {
    const hung = new AbortController();
    const quiet = { after: silence, call: () => hung.abort(new Error(`Nothing came for ${silence} ms.`)) };
    const first = setTimeout(quiet.call, silence);
    const lastId = this.figures.history.at(-1)?.id ?? 0;
    const response = await this.ask('/v1/live', AbortSignal.any([stop, hung.signal]), { 'Last-Event-ID': String(lastId) });
    clearTimeout(first);
    if (!response) return;
    // As many as allowed follow already: what one looks up oneself is better than nothing.
    if (response.status === 503) return this.glance(stop);
    for await (const [name, data] of messages(response.body!, quiet)) {
      if (stop.aborted) return;
      if (name === 'now') {
        const sample = JSON.parse(data) as Sample;
        this.figures.take(sample);
        this.told(sample);
      } else {
        this.figures.add(JSON.parse(data) as HistoryPoint[]);
        this.tell({ whole: this.figures });
      }
    }
  }

  private async glance(stop: AbortSignal): Promise<void> {
    const response = await this.ask('/v1/status', AbortSignal.any([stop, AbortSignal.timeout(silence)]), {});
    if (!response?.ok) return;
    const sample = (await response.json()) as Sample;
    this.figures.glance(sample);
    this.told(sample);
  }

  // The answer, or nothing when the key was refused: then nobody asks again before there is another.
  private async ask(path: string, signal: AbortSignal, headers: Record<string, string>): Promise<Response | undefined> {
    const response = await fetch(path, { headers: this.key ? { ...headers, 'X-Api-Key': this.key } : headers, signal });
    if (response.status === 401) {
      this.running.abort();
      this.tell({ refused: this.key });
      return undefined;
    }
    if (response.ok || response.status === 503) return response;
    throw new Error(`The server answered ${response.status}.`);
  }

  private told(sample: Sample): void {
    this.heard = Date.now();
    this.tell({ now: sample });
  }

  private lost(): void {
    if (this.figures.lostSince !== undefined) return;
    this.figures.lostSince = this.heard || Date.now();
    this.tell({ lostSince: this.figures.lostSince });
  }
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener('abort', () => { clearTimeout(timer); done(); }, { once: true });
  });
}
