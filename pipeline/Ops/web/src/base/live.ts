import { Figures } from '../live/figures';
import { Hub } from '../live/hub';
import type { FromTab, ToTab } from '../live/talk';
import { keyInsteadOf, knownKey } from './api';

/** Address of the shared worker's script, put in by the build. */
declare const liveWorker: string;

/**
 * The server's figures in this tab: one sample a second, the last ten minutes kept. All tabs of a browser share one connection by a shared worker;
 * where there is none, each has its own while it is looked at. A hidden tab hears of the state now and then.
 */
class Live extends EventTarget {
  private readonly figures = new Figures();
  private port!: MessagePort;
  private asking = false;

  /** The newest sample. */
  get now() { return this.figures.now; }

  /** Oldest first. */
  get history() { return this.figures.history; }

  /** Since when the server has not been heard, epoch milliseconds; undefined while it is. */
  get lostSince() { return this.figures.lostSince; }

  start(): void {
    this.connect(typeof SharedWorker === 'undefined' ? undefined : this.shared());
    document.addEventListener('visibilitychange', () => this.say());
    addEventListener('pagehide', () => this.port.postMessage('gone' satisfies FromTab));
    addEventListener('pageshow', (event) => event.persisted && this.say());
  }

  /** Calls back after every change, and once now; the returned function ends it. */
  watch(changed: () => void): () => void {
    this.addEventListener('change', changed);
    changed();
    return () => this.removeEventListener('change', changed);
  }

  private shared(): MessagePort {
    const worker = new SharedWorker(liveWorker, { name: 'live' });
    worker.onerror = () => this.connect(undefined);
    return worker.port;
  }

  private connect(shared: MessagePort | undefined): void {
    if (shared) this.port = shared;
    else {
      const { port1, port2 } = new MessageChannel();
      new Hub().join(port2);
      this.port = port1;
    }
    this.port.onmessage = (event: MessageEvent<ToTab>) => this.hear(event.data);
    this.say();
  }

  private say(): void {
    this.port.postMessage({ looks: !document.hidden, key: knownKey() } satisfies FromTab);
  }

  private hear(message: ToTab): void {
    if ('refused' in message) return void this.askForKey(message.refused);
    if ('whole' in message) Object.assign(this.figures, message.whole);
    else if ('now' in message) this.figures.take(message.now);
    else this.figures.lostSince = message.lostSince;
    this.dispatchEvent(new Event('change'));
  }

  private async askForKey(refused: string): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    await keyInsteadOf(refused);
    this.asking = false;
    this.say();
  }
}

export const live = new Live();
