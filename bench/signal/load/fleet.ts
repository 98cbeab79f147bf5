/** Many clients of one server, in pairs that relay to each other: what any load is made of. */
import { randomUUID } from 'node:crypto';
import { PROTOCOL_VERSION } from '../../../signal/protocol/limits';
import { clientFrame, OPCODE, type SentFrame } from './frames';
import { RawClient, type Target } from './raw-client';

/** Bytes of each relayed message: about a description without its less usual codecs. */
export const MESSAGE_BYTES = 1024;

/** Digits of the time in a message, in microseconds. */
export const STAMP_DIGITS = 14;

/** Clients that connect at the same time; more would wait in the kernel's queue. */
const CONNECTING_AT_ONCE = 200;

/** Clients that come from one address: its ports run out, and the search for free ones is slow. */
const CLIENTS_PER_ADDRESS = 2048;

/** Bytes before a message to the bare relay that name its receiver. */
const ADDRESS_BYTES = 8;

/** Receiver that stands for everybody but the sender. */
const EVERYBODY = '*'.repeat(ADDRESS_BYTES);

/** Keys that let clients of Sightline in. */
export interface Keys {
  readonly viewer: string;
  readonly phone: string;
}

/** What a fleet is made of. */
export interface FleetPlan {
  readonly target: Target;
  /** Undefined for the bare relay. */
  readonly keys?: Keys;
  readonly phones: number;
  readonly consoles: number;
}

/** One way that messages go. */
export interface Route {
  readonly from: RawClient;
  readonly to: RawClient;
  /** A message by it, to be sent as often as one likes. */
  readonly frame: SentFrame;
  /** Where the time stands in the payload that is sent, and in the one that arrives. */
  readonly stampAt: number;
}

/** A phone and a console that have a session, and both ways between them. */
export interface Couple {
  readonly toConsole: Route;
  readonly toPhone: Route;
}

/** A fleet that is connected. */
export interface Fleet {
  readonly consoles: readonly RawClient[];
  readonly phones: readonly RawClient[];
  /** Pairs up each console with a phone. */
  couple(): Promise<readonly Couple[]>;
  /** Makes something happen that every console hears of, and says how its message begins. */
  announce(): string;
  close(): void;
}

interface Member {
  readonly id: string;
  readonly client: RawClient;
}

/** Connects a fleet: phones first, since consoles are told of all streams. */
export async function openFleet(plan: FleetPlan): Promise<Fleet> {
  const dialect = plan.keys === undefined ? bareDialect : sightlineDialect(plan.keys);
  const open = (index: number, kind: Kind): Promise<Member> =>
    dialect.open(plan.target, addressOf(index), { index, kind });
  const phones = await openAll(plan.phones, (index) => open(index, 'streamer'));
  const consoles = await openAll(plan.consoles, (index) => open(plan.phones + index, 'viewer'));
  return {
    consoles: consoles.map(({ client }) => client),
    phones: phones.map(({ client }) => client),
    couple: () => dialect.couple(phones, consoles),
    announce: () => dialect.announce(consoles),
    close() {
      for (const { client } of [...phones, ...consoles]) client.close();
    },
  };
}

type Kind = 'streamer' | 'viewer';

interface Dialect {
  open(
    target: Target,
    from: string,
    who: { readonly index: number; readonly kind: Kind },
  ): Promise<Member>;
  couple(phones: readonly Member[], consoles: readonly Member[]): Promise<readonly Couple[]>;
  announce(consoles: readonly Member[]): string;
}

async function openAll(count: number, open: (index: number) => Promise<Member>): Promise<Member[]> {
  const members: Member[] = [];
  let next = 0;
  const openSome = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      members[index] = await open(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, CONNECTING_AT_ONCE) }, openSome));
  return members;
}

/** 127.0.0.2 and those after it. */
function addressOf(index: number): string {
  return `127.0.0.${2 + Math.floor(index / CLIENTS_PER_ADDRESS)}`;
}

/** Each console's phone: they take turns. */
function phoneOf<T>(phones: readonly T[], index: number): T {
  const phone = phones[index % phones.length];
  if (phone === undefined) throw new Error('A fleet without phones has no couples.');
  return phone;
}

const bareDialect: Dialect = {
  async open(target, from, { index }) {
    const id = String(index).padStart(ADDRESS_BYTES, '0');
    return { id, client: await RawClient.open(target, `/${id}`, from) };
  },
  couple(phones, consoles) {
    const route = (from: Member, to: Member): Route => {
      const message = messageText(randomUUID()).slice(0, MESSAGE_BYTES - ADDRESS_BYTES);
      const frame = clientFrame(OPCODE.binary, Buffer.from(to.id + message));
      const stampAt = ADDRESS_BYTES + message.indexOf(STAMP);
      return { from: from.client, to: to.client, frame, stampAt };
    };
    const couples = consoles.map((viewer, index): Couple => {
      const phone = phoneOf(phones, index);
      return { toConsole: route(phone, viewer), toPhone: route(viewer, phone) };
    });
    return Promise.resolve(couples);
  },
  announce(consoles) {
    const news = Buffer.from(EVERYBODY + STREAM_NEWS);
    consoles[0]?.client.send(clientFrame(OPCODE.binary, news).bytes);
    return EVERYBODY;
  },
};

function sightlineDialect(keys: Keys): Dialect {
  /** Session by which the news are made, while there is one. */
  let sessionId: string | undefined;
  let streamIds: string[] = [];
  return {
    async open(target, from, { kind }) {
      const id = randomUUID();
      const client = await RawClient.open(target, `/ws/${id}/${kind}`, from);
      const key = kind === 'viewer' ? keys.viewer : keys.phone;
      const welcome = nextMessage(client, 'welcome');
      const hello = { type: 'hello', protocolVersion: PROTOCOL_VERSION, key };
      client.sendText(JSON.stringify(hello));
      await welcome;
      // As every page does, by which the server knows that its welcome was read.
      client.sendText(JSON.stringify({ type: 'ping', sentAt: 0 }));
      return { id, client };
    },
    async couple(phones, consoles) {
      streamIds = phones.map(() => randomUUID());
      await Promise.all(phones.map(({ client }, index) => publish(client, streamIds[index] ?? '')));
      const ids = await Promise.all(
        consoles.map(({ client }, index) => subscribe(client, phoneOf(streamIds, index))),
      );
      return consoles.map(({ client: viewer }, index): Couple => {
        const phone = phoneOf(phones, index).client;
        const text = messageText(ids[index] ?? '');
        const stampAt = text.indexOf(STAMP);
        const route = (from: RawClient, to: RawClient): Route => {
          return { from, to, frame: clientFrame(OPCODE.text, Buffer.from(text)), stampAt };
        };
        return { toConsole: route(phone, viewer), toPhone: route(viewer, phone) };
      });
    },
    /** The first console watches a second stream, or stops to: that stream's viewer count changes. */
    announce(consoles) {
      const change =
        sessionId === undefined
          ? { type: 'subscribe', streamId: streamIds[1], sessionId: (sessionId = randomUUID()) }
          : { type: 'unsubscribe', sessionId };
      if (change.type === 'unsubscribe') sessionId = undefined;
      consoles[0]?.client.sendText(JSON.stringify(change));
      return '{"type":"stream-updated"';
    },
  };
}

/** Stands where the time goes. */
const STAMP = '0'.repeat(STAMP_DIGITS);

/** A description of `MESSAGE_BYTES` bytes, the way browsers write them. */
function messageText(sessionId: string): string {
  const lines = 'a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 nack pli\r\n';
  const write = (filling: string): string => {
    const sdp = `v=0\r\no=- ${STAMP} 2 IN IP4 127.0.0.1\r\n${filling}`;
    const description = { type: 'offer', sdp, negotiation: 1 };
    return JSON.stringify({
      type: 'signal',
      sessionId,
      connectionId: sessionId,
      payload: { kind: 'description', description },
    });
  };
  const room = MESSAGE_BYTES - write('').length;
  // Line ends take four bytes in JSON, so whole lines first and the rest in plain letters.
  const whole = lines.repeat(Math.floor(room / (JSON.stringify(lines).length - 2)));
  return write(whole + 'a'.repeat(MESSAGE_BYTES - write(whole).length));
}

/** As long as what Sightline tells of a stream whose viewer count changes. */
const STREAM_NEWS = 'n'.repeat(310);

/** Resolves with the next message of a type; what comes before it is left alone. */
function nextMessage(client: RawClient, type: string): Promise<string> {
  const beginning = `{"type":"${type}"`;
  return new Promise((resolve) => {
    client.onFrame = (_, bytes, from, to) => {
      if (bytes.toString('latin1', from, from + beginning.length) !== beginning) return;
      client.onFrame = () => undefined;
      resolve(bytes.toString('utf8', from, to));
    };
  });
}

async function publish(client: RawClient, streamId: string): Promise<void> {
  const added = nextMessage(client, 'stream-added');
  const device = { kind: 'phone', platform: 'Android', browser: 'Chrome' };
  const capture = { state: 'active', hasAudio: true, microphoneMuted: false };
  client.sendText(JSON.stringify({ type: 'publish', streamId, label: 'Load', device, capture }));
  await added;
}

/** @returns the session's id */
async function subscribe(client: RawClient, streamId: string): Promise<string> {
  const sessionId = randomUUID();
  const opened = nextMessage(client, 'session-opened');
  client.sendText(JSON.stringify({ type: 'subscribe', streamId, sessionId }));
  await opened;
  return sessionId;
}
