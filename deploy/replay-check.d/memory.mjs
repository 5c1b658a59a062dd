// What members remember, as the contract says: what they take for a repeat, and what they refuse since they may have forgotten it.
const windows = { clicks: 64, chats: 64, members: 32 };
const mostOrders = 1024, keptOrders = 64, mostHashes = 4096, mostHashesOfOrder = 128, hashesOfEvent = 3, mostCurrencies = 8, mostRequests = 256;
const rememberDays = 400; // orders.rememberDays of the shipped rules

export function memories(topic) {
  const all = new Map();
  return {
    of(member) {
      if (!all.has(member)) all.set(member, { orders: orderMemory(), requests: requestMemory(member), ids: ring(windows[topic] ?? 0), facts: ring(windows.members) });
      const own = all.get(member);
      if (topic === "members") own.ids = own.facts;
      return own;
    },
  };
}

// The last so many ids. True when it was among them already.
function ring(size) {
  const ids = [];
  return { has: id => ids.includes(id), add: id => { ids.push(id); if (ids.length > size) ids.shift(); } };
}

function orderMemory() {
  const orders = new Map(), currencies = new Set(); // in the order in which they became known
  let forgotten = 0, hashes = 0, clock = 0;
  const forget = key => {
    forgotten = Math.max(forgotten, orders.get(key).last);
    hashes -= orders.get(key).hashes;
    orders.delete(key);
  };
  const oldest = but => [...orders].filter(([key]) => key !== but).reduce((least, one) => !least || one[1].last < least[1].last ? one : least, undefined)?.[0];
  const keep = (order, many) => { order.hashes += many; hashes += many; };
  // An order that was paid once and nothing else needs one hash less.
  const mark = (order, id) => { if (order.hashes === 1 && order.paidAt) keep(order, 1); order.ids.add(id); keep(order, 1); };

  // { verdict } of a repeat ("duplicate") or a refusal, else { surplus, moved }: more was to come back than there is, and what came back.
  return function take({ kind, at, amount = 0n, fields }) {
    const { id, order: key, currency } = fields;
    if ([...orders.values()].some(order => order.ids.has(id))) return { verdict: "duplicate" };
    let order = orders.get(key);
    if (!order && at <= forgotten) return { verdict: "too-late" };
    if (kind === "paid" && currencies.size >= mostCurrencies && !currencies.has(currency)) return { verdict: "currencies-full" };
    if (order && order.hashes + hashesOfEvent > mostHashesOfOrder) return { verdict: "order-full" };
    if (order?.paid > 0n && currency && currency !== order.currency) return { verdict: "currency-mismatch" };
    const payment = order && `${at} ${amount} ${order.returns}`;
    clock = Math.max(clock, at);
    const repeats = kind === "paid" && order?.payments.has(payment);
    while (hashes + hashesOfEvent > mostHashes) forget(oldest(key));
    if (repeats) { mark(order, id); return { verdict: "duplicate" }; }
    if (!order) {
      while (orders.size === mostOrders || (orders.size >= keptOrders && orders.get(oldest(key)).last < clock - rememberDays * 86_400_000)) forget(oldest(key));
      orders.set(key, order = { ids: new Set(), payments: new Set(), moves: [], hashes: 0, last: 0, paid: 0n, left: 0n, surplus: 0n, returns: 0 });
    }
    const alone = order.hashes === 0;
    mark(order, id);
    if (kind === "paid" && !alone) keep(order, 1);
    if (kind === "paid") order.payments.add(`${at} ${amount} ${order.returns}`);
    order.last = Math.max(order.last, at);
    if (kind === "paid") order.paidAt = Math.max(order.paidAt ?? 0, at);
    return settle(order, { kind, at, amount, currency });
  };

  // Puts an event among those of its order, by their times.
  function settle(order, move) {
    if (order.paid === 0n && move.currency && order.currency !== move.currency) {
      order.moves = order.moves.filter(({ kind, amount }) => kind === "cancelled" && amount === 0n);
      order.surplus = 0n;
      order.currency = move.currency;
    }
    const before = { left: order.left, surplus: order.surplus };
    order.moves.splice(order.moves.findLastIndex(({ at }) => at <= move.at) + 1, 0, move);
    [order.left, order.surplus] = [0n, 0n];
    for (const { kind, amount } of order.moves) {
      if (kind === "paid") order.left += amount;
      else if (kind === "cancelled" && amount === 0n) order.left = 0n;
      else if (amount <= order.left) order.left -= amount;
      else [order.surplus, order.left] = [order.surplus + amount - order.left, 0n];
    }
    if (move.kind === "paid") {
      order.paid += move.amount;
      if (order.left !== before.left || move.amount > 0n) currencies.add(move.currency);
      return { surplus: false, moved: 0n };
    }
    const moved = before.left - order.left;
    if (moved > 0n && order.left === 0n) order.returns++;
    return { surplus: order.surplus > before.surplus, moved };
  }
}

// Adjustments are remembered, and redemptions that were granted: which these are depends on points, so there are two memories, of the fewest and of the
// most that may be remembered. Between what they say this count does not know, and says so.
function requestMemory(member) {
  const memory = () => ({ times: [], forgotten: 0 });
  const [fewest, most] = [memory(), memory()], known = new Set();
  const remember = (memory, at) => {
    if (memory.times.length === mostRequests) {
      const earliest = memory.times.reduce((least, time, i) => time < memory.times[least] ? i : least, 0);
      memory.forgotten = Math.max(memory.forgotten, ...memory.times.splice(earliest, 1));
    }
    memory.times.push(at);
  };

  // True when the event is too late.
  return function take({ kind, at, fields: { request } }) {
    const isRedeem = kind === "redeem";
    if (at <= fewest.forgotten && !(isRedeem && known.has(request))) return true;
    if (at <= most.forgotten) throw new Error(`cannot count: whether ${isRedeem ? `redemption ${request}` : "an adjustment"} of member ${member} is too late depends on which of more than ${mostRequests} redemptions before it were granted`);
    if (!isRedeem) remember(fewest, at);
    if (!isRedeem || !known.has(request)) remember(most, at);
    known.add(request);
    return false;
  };
}
