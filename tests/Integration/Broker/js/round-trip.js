// Usage: node round-trip.js BOOTSTRAP TOPIC COUNT
// Sends COUNT messages to TOPIC, reads them back as a consumer group and commits; prints one JSON line with what came back.
'use strict';
const { Kafka, logLevel } = require('kafkajs');

const [bootstrap, topic, count] = [process.argv[2], process.argv[3], Number(process.argv[4])];
// Its default of one second for a connection is short on a busy machine.
const kafka = new Kafka({ clientId: 'round-trip', brokers: [bootstrap], logLevel: logLevel.ERROR, connectionTimeout: 30_000, requestTimeout: 60_000 });

async function main() {
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: count }, (_, i) => ({ key: `m-${i}`, value: `v-${i}`, headers: { n: String(i) } }));
  await producer.send({ topic, messages });
  await producer.disconnect();

  const consumer = kafka.consumer({ groupId: `${topic}-readers` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const seen = new Map();
  await new Promise((resolve, reject) => {
    // kafkajs calls "crash" also what it mends itself, such as a group coordinator that is still loading.
    consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error));
    consumer.run({
      eachMessage: async ({ message }) => {
        seen.set(message.key.toString(), `${message.value} ${message.headers.n}`);
        if (seen.size === count) resolve();
      },
    }).catch(reject);
  });
  await consumer.disconnect();
  const wrong = messages.filter((m) => seen.get(m.key) !== `${m.value} ${m.headers.n}`).length;
  console.log(JSON.stringify({ received: seen.size, wrong }));
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
