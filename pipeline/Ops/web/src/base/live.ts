import { Figures } from '../live/figures';
import { Hub } from '../live/hub';
import type { HubToTab, TabToHub } from '../live/protocol';
import { keyInsteadOf, knownKey } from './api';

/** Address of the shared worker's script, inserted by the build. */
declare const liveWorker: string;

/**
 * The server's figures in this tab: one sample a second, the last ten minutes kept. All tabs of a browser share one connection by a shared worker;
 * without shared workers each visible tab has its own connection. A hidden tab gets the state at most every 5 seconds.
 */
class Live extends EventTarget {
  private readonly figures = new Figures();
  private port!: MessagePort;
  private asking = false;

  /** The newest sample. */
  get now() { return this.figures.now; }

  /** Oldest first. */
  get history() { return this.figures.history; }

  /** Since when the server has not answered, epoch milliseconds; undefined while it answers. */
  get lostSince() { return this.figures.lostSince; }

  start(): void {
    this.connect(typeof SharedWorker === 'undefined' ? undefined : this.shared());
    document.addEventListener('visibilitychange', () => this.announce());
    addEventListener('pagehide', () => this.port.postMessage('closed' satisfies TabToHub));
    addEventListener('pageshow', (event) => event.persisted && this.announce());
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
    this.port.onmessage = (event: MessageEvent<HubToTab>) => this.receive(event.data);
    this.announce();
  }

  private announce(): void {
    this.port.postMessage({ visible: !document.hidden, key: knownKey() } satisfies TabToHub);
  }

  private receive(message: HubToTab): void {
    if ('refused' in message) return void this.askForKey(message.refused);
    if ('all' in message) Object.assign(this.figures, message.all);
    else if ('now' in message) this.figures.append(message.now);
    else this.figures.lostSince = message.lostSince;
    this.dispatchEvent(new Event('change'));
  }

  private async askForKey(refused: string): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    await keyInsteadOf(refused);
    this.asking = false;
    this.announce();
  }
}

export const live = new Live();
