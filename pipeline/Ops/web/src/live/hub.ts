import type { HubToTab, TabToHub } from './protocol';
import { Source } from './source';

interface Tab {
  visible: boolean;
  key: string;
  sentAtMs: number;
}

// Hidden tabs show only the state in their title, so they get a sample every 5 seconds.
const hiddenTabIntervalMs = 5000;

/**
 * One connection for all tabs: browsers allow a server six, and a live stream holds one permanently. Tabs with the same API key share it; a tab
 * without the key gets nothing that was fetched with another tab's key.
 */
export class Hub {
  private readonly tabs = new Map<MessagePort, Tab>();
  private readonly sources = new Map<string, Source>();

  /** A tab has opened: its messages come through this port. */
  join(port: MessagePort): void {
    port.onmessage = (event: MessageEvent<TabToHub>) => this.receive(port, event.data);
  }

  private receive(port: MessagePort, message: TabToHub): void {
    const before = this.tabs.get(port);
    if (message === 'closed') this.tabs.delete(port);
    else {
      this.tabs.set(port, { ...message, sentAtMs: 0 });
      const known = this.sources.get(message.key);
      if (message.visible && known?.started) port.postMessage({ all: known.figures } satisfies HubToTab);
    }
    this.updateSources();
    // The tab sent the same key again after it was refused: try again.
    if (message !== 'closed' && before?.key === message.key && before.visible === message.visible) this.sources.get(message.key)?.restart();
  }

  private updateSources(): void {
    for (const { key } of this.tabs.values()) if (!this.sources.has(key)) this.sources.set(key, new Source(key, (message) => this.sendToTabs(key, message)));
    for (const [key, source] of this.sources) {
      const tabs = [...this.tabs.values()].filter((tab) => tab.key === key);
      source.follow(tabs.some((tab) => tab.visible) ? 'stream' : tabs.length > 0 ? 'poll' : 'none');
      if (tabs.length === 0) this.sources.delete(key);
    }
  }

  private sendToTabs(key: string, message: HubToTab): void {
    const now = Date.now();
    for (const [port, tab] of this.tabs) {
      if (tab.key !== key || (!tab.visible && 'now' in message && now - tab.sentAtMs < hiddenTabIntervalMs)) continue;
      tab.sentAtMs = now;
      port.postMessage(message);
    }
  }
}
