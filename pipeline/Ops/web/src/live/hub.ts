import { Source } from './source';
import type { FromTab, ToTab } from './talk';

interface Tab {
  looks: boolean;
  key: string;
  told: number;
}

// Hidden tabs show the state in their title alone.
const hiddenEvery = 5000;

/**
 * One connection for all tabs: browsers allow a server six, and a live stream holds one for good. Tabs with the same API key share it; a tab
 * without the key gets nothing that another tab's key was good for.
 */
export class Hub {
  private readonly tabs = new Map<MessagePort, Tab>();
  private readonly sources = new Map<string, Source>();

  /** A tab has opened: it speaks through this port. */
  join(port: MessagePort): void {
    port.onmessage = (event: MessageEvent<FromTab>) => this.hear(port, event.data);
  }

  private hear(port: MessagePort, said: FromTab): void {
    const before = this.tabs.get(port);
    if (said === 'gone') this.tabs.delete(port);
    else {
      this.tabs.set(port, { ...said, told: 0 });
      const known = this.sources.get(said.key);
      if (said.looks && known?.started) port.postMessage({ whole: known.figures } satisfies ToTab);
    }
    this.settle();
    // The same key once more: it was refused, and somebody says it is right.
    if (said !== 'gone' && before?.key === said.key && before.looks === said.looks) this.sources.get(said.key)?.again();
  }

  private settle(): void {
    for (const { key } of this.tabs.values()) if (!this.sources.has(key)) this.sources.set(key, new Source(key, (message) => this.tell(key, message)));
    for (const [key, source] of this.sources) {
      const tabs = [...this.tabs.values()].filter((tab) => tab.key === key);
      source.follow(tabs.some((tab) => tab.looks) ? 'stream' : tabs.length > 0 ? 'glance' : 'none');
      if (tabs.length === 0) this.sources.delete(key);
    }
  }

  private tell(key: string, message: ToTab): void {
    const at = Date.now();
    for (const [port, tab] of this.tabs) {
      if (tab.key !== key || (!tab.looks && 'now' in message && at - tab.told < hiddenEvery)) continue;
      tab.told = at;
      port.postMessage(message);
    }
  }
}
