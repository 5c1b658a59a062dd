import { Hub } from './hub';

// The hub in a worker that all tabs of a browser share.
const hub = new Hub();
addEventListener('connect', (event) => hub.join((event as MessageEvent).ports[0]!));
