import { h } from '../base/dom';
import type { Page } from '../base/page';
export function dashboardPage(uid: string): Page { return { title: uid, element: h('div'), close: () => {} }; }
