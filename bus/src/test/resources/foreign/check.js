// Uses a bus as the users of NATS's client for node do; prints a line for what went well, and fails otherwise.
// Arguments: port, port that asks for ann and secret, port that asks for an nkey, seed, port with TLS, its certificate.
const assert = require("node:assert");
const { connect, headers, nkeyAuthenticator, StringCodec } = require("nats");

const [port, usersPort, nkeyPort, seed, tlsPort, certificate] = process.argv.slice(2);
const text = StringCodec();
const at = (number, more = {}) => connect({ servers: `127.0.0.1:${number}`, timeout: 10000, ...more });

async function take(subscription, count) {
  const all = [];
  for await (const message of subscription) {
    all.push(message);
    if (all.length === count) break;
  }
  return all;
}

async function pubsub() {
  const nc = await at(port);
  const plain = take(nc.subscribe("a.*"), 3);
  const tail = take(nc.subscribe("a.>"), 3);
  for (const each of ["1", "2", "3"]) nc.publish("a.b", text.encode(each));
  assert.deepStrictEqual((await plain).map((m) => text.decode(m.data)), ["1", "2", "3"]);
  assert.deepStrictEqual((await tail).map((m) => m.subject), ["a.b", "a.b", "a.b"]);
  await nc.close();
}

async function queues() {
  const nc = await at(port);
  const got = [];
  for (let i = 0; i < 3; i++) {
    nc.subscribe("work", { queue: "crew", callback: (error, message) => got.push(text.decode(message.data)) });
  }
  for (let i = 0; i < 100; i++) nc.publish("work", text.encode(`${i}`));
  await nc.flush();
  assert.strictEqual(new Set(got).size, 100);
  assert.strictEqual(got.length, 100);
  await nc.close();
}

async function requests() {
  const nc = await at(port);
  nc.subscribe("ask", {
    callback: (error, message) => {
      const answer = headers();
      answer.append("echo", message.headers.get("say"));
      message.respond(text.encode(`to ${text.decode(message.data)}`), { headers: answer });
    },
  });
  const said = headers();
  said.append("say", "hello");
  const answer = await nc.request("ask", text.encode("me"), { timeout: 10000, headers: said });
  assert.strictEqual(text.decode(answer.data), "to me");
  assert.strictEqual(answer.headers.get("echo"), "hello");
  await assert.rejects(nc.request("nobody", undefined, { timeout: 10000 }), { code: "503" });
  await nc.close();
}

async function drain() {
  const [reader, writer] = [await at(port), await at(port)];
  let got = 0;
  reader.subscribe("s", { callback: () => got++ });
  await reader.flush();
  for (let i = 0; i < 2000; i++) writer.publish("s");
  await writer.flush();
  await reader.drain();
  assert.strictEqual(got, 2000);
  await writer.close();
}

async function doors() {
  await assert.rejects(at(usersPort, { user: "ann", pass: "wrong" }), { code: "AUTHORIZATION_VIOLATION" });
  const ann = await at(usersPort, { user: "ann", pass: "secret" });
  const denied = new Promise((resolve) => ann.subscribe("hidden", { callback: (error) => error && resolve(error) }));
  assert.match((await denied).message, /Permissions Violation for Subscription to "hidden"/);
  await ann.close();
  const signer = await at(nkeyPort, { authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)) });
  await signer.flush();
  await signer.close();
  const secure = await at(tlsPort, { tls: { caFile: certificate } });
  await secure.flush();
  await secure.close();
}

(async () => {
  for (const each of [pubsub, queues, requests, drain, doors]) {
    await each();
    console.log(`ok ${each.name}`);
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
