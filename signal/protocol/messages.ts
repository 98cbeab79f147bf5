/**
 * Every message of the signalling protocol, defined once. Types are inferred from these schemas;
 * what a client sends and what the server sends are separate unions, told apart by `type`.
 *
 * One stream has one publisher. Each viewer of a stream is one session, with one
 * `RTCPeerConnection` at each end. The publisher always offers, the subscriber always answers.
 */
import * as v from 'valibot';
import {
  count,
  deviceSchema,
  id,
  labelSchema,
  milliseconds,
  roleSchema,
  secretSchema,
  shortText,
  token,
} from './fields';
import { MAX_CANDIDATE_LENGTH, MAX_SDP_LENGTH } from './limits';
import {
  admissionSchema,
  doneSchema,
  keyRenewedSchema,
  lobbyPictureSchema,
  moderatedSchema,
  moderateSchema,
  peopleSchema,
  roomSchema,
  waitingPictureSchema,
} from './room-messages';

/** Who is at the other end of a socket; the last part of the endpoint's path. */
export const clientTypeSchema = v.picklist(['streamer', 'viewer']);

/** A client's own id: a UUID it makes and keeps. */
export const clientIdSchema = id;

/**
 * What the publisher's capture is doing. `hidden`: its page is not in front. `interrupted`: the
 * system took the camera (a call, a lock screen). `ended`: the camera is gone until a person acts.
 */
export const captureSchema = v.object({
  state: v.picklist(['active', 'hidden', 'interrupted', 'ended']),
  hasAudio: v.boolean(),
  microphoneMuted: v.boolean(),
  facing: v.exactOptional(v.picklist(['user', 'environment'])),
});

/** A stream as consoles see it. */
export const streamSchema = v.object({
  streamId: id,
  label: labelSchema,
  device: deviceSchema,
  capture: captureSchema,
  /** `reconnecting` while the publisher's socket is down and its resume window open. */
  connection: v.picklist(['connected', 'reconnecting']),
  /** Number of open sessions on this stream. */
  viewerCount: count,
  /** When the stream went live: milliseconds since the epoch, the server's clock. */
  startedAt: milliseconds,
});

/** One session as its own ends see it. */
export const sessionSchema = v.object({
  sessionId: id,
  streamId: id,
  role: v.picklist(['publisher', 'subscriber']),
  /** What the client at the other end may do, by the server's word. */
  peerRole: roleSchema,
});

/** An entry of `RTCConfiguration.iceServers`. */
export const iceServerSchema = v.object({
  urls: v.array(v.pipe(v.string(), v.regex(/^(stun|stuns|turn|turns):/u))),
  username: v.exactOptional(v.string()),
  credential: v.exactOptional(v.string()),
});

/** `negotiation` numbers the offers of one connection; an answer repeats its offer's number. */
const description = v.object({
  type: v.picklist(['offer', 'answer']),
  sdp: v.pipe(v.string(), v.maxLength(MAX_SDP_LENGTH)),
  negotiation: count,
});

const candidate = v.object({
  candidate: v.pipe(v.string(), v.maxLength(MAX_CANDIDATE_LENGTH)),
  sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(32))),
  sdpMLineIndex: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64))),
  usernameFragment: v.exactOptional(v.nullable(v.pipe(v.string(), v.maxLength(256)))),
});

/**
 * What one end of a session tells the other. A `restart` is the subscriber's wish: `ice` asks for
 * an offer with fresh ICE credentials, `connection` for a whole new peer connection.
 */
export const signalPayloadSchema = v.variant('kind', [
  v.object({ kind: v.literal('description'), description }),
  v.object({ kind: v.literal('candidate'), candidate }),
  v.object({ kind: v.literal('end-of-candidates') }),
  v.object({ kind: v.literal('restart'), scope: v.picklist(['ice', 'connection']) }),
]);

/**
 * Relayed unread, and the same in both directions. `connectionId` names the publisher's
 * `RTCPeerConnection`: a new one in an offer tells the subscriber to start afresh, and anything
 * that carries an old one is dropped.
 */
export const signalSchema = v.object({
  type: v.literal('signal'),
  sessionId: id,
  connectionId: v.exactOptional(id),
  payload: signalPayloadSchema,
});

/**
 * First message of every socket. `resumeToken` is the one of this client's last `welcome`; with it
 * no key is needed.
 */
export const helloSchema = v.object({
  type: v.literal('hello'),
  protocolVersion: v.pipe(v.number(), v.integer()),
  resumeToken: v.exactOptional(token),
  /** Key of the link or invitation that the page was opened by. */
  key: v.exactOptional(secretSchema),
  /** A secret that the device keeps for good, by which it is known again. */
  deviceKey: v.exactOptional(secretSchema),
  device: v.exactOptional(deviceSchema),
});

/**
 * Puts a stream on the wall. Idempotent: the same client may publish the same id again (after a
 * reload, or to a restarted server), and `liveForMs` keeps its age. It is answered with the stream
 * (`stream-added` or `stream-updated`) and, where it is not new, with `session-opened` for each
 * session that is open on it.
 */
export const publishSchema = v.object({
  type: v.literal('publish'),
  streamId: id,
  label: labelSchema,
  device: deviceSchema,
  capture: captureSchema,
  liveForMs: v.optional(milliseconds, 0),
});

/** Changes what is shown of a stream; absent fields stay as they are. */
export const updateStreamSchema = v.object({
  type: v.literal('update-stream'),
  streamId: id,
  label: v.exactOptional(labelSchema),
  device: v.exactOptional(deviceSchema),
  capture: v.exactOptional(captureSchema),
});

/** Takes a stream off the wall on purpose. */
export const unpublishSchema = v.object({ type: v.literal('unpublish'), streamId: id });

/**
 * Asks to watch a stream. `sessionId` claims a session that outlived the server's memory of it; the
 * server grants it unless it belongs to somebody else.
 */
export const subscribeSchema = v.object({
  type: v.literal('subscribe'),
  streamId: id,
  sessionId: v.exactOptional(id),
});

/** Stops watching. */
export const unsubscribeSchema = v.object({ type: v.literal('unsubscribe'), sessionId: id });

/** Client's sign of life; the server answers with the same `sentAt`. */
export const pingSchema = v.object({ type: v.literal('ping'), sentAt: milliseconds });

/** The client leaves on purpose: nothing of it is kept for a resume. */
export const byeSchema = v.object({ type: v.literal('bye') });

/** Anything a client may send. */
export const clientMessageSchema = v.variant('type', [
  helloSchema,
  publishSchema,
  updateStreamSchema,
  unpublishSchema,
  subscribeSchema,
  unsubscribeSchema,
  signalSchema,
  pingSchema,
  byeSchema,
  lobbyPictureSchema,
  moderateSchema,
]);

/** An address of the phone page. Only a secure context is given a camera (W3C Secure Contexts). */
export const joinAddressSchema = v.object({
  url: v.pipe(v.string(), v.url()),
  network: v.picklist(['this-machine', 'lan']),
  cameraAllowed: v.boolean(),
  /** Where a phone that does not trust the server's own root yet begins; plain HTTP. */
  trustUrl: v.exactOptional(v.pipe(v.string(), v.url())),
});

/**
 * Answers `hello`. `streams` is empty for streamers but for their own; `sessions` are the open
 * ones. `joinAddresses` carry the phones' key and go to operators only.
 */
export const welcomeSchema = v.object({
  type: v.literal('welcome'),
  protocolVersion: v.pipe(v.number(), v.integer()),
  serverName: shortText,
  clientId: id,
  /** What this client may do. */
  role: roleSchema,
  /** True when this client's state was kept: `sessions` then lists what is still open. */
  resumed: v.boolean(),
  resumeToken: token,
  resumeWindowMs: milliseconds,
  iceServers: v.array(iceServerSchema),
  limits: v.object({ maxFrameBytes: count, maxStreams: count }),
  /** Where phones join, the address to show first; empty for whoever may not ask phones in. */
  joinAddresses: v.array(joinAddressSchema),
  streams: v.array(streamSchema),
  sessions: v.array(sessionSchema),
});

/** A stream appeared. */
export const streamAddedSchema = v.object({
  type: v.literal('stream-added'),
  stream: streamSchema,
});

/** Any fact of a stream changed, its viewer count among them; carries the whole stream. */
export const streamUpdatedSchema = v.object({
  type: v.literal('stream-updated'),
  stream: streamSchema,
});

/** A stream left the wall. */
export const streamRemovedSchema = v.object({
  type: v.literal('stream-removed'),
  streamId: id,
  reason: v.picklist(['stopped', 'left', 'lost', 'stopped-by-operator', 'removed']),
});

/** A session is open; sent to both of its ends. The publisher answers it with an offer. */
export const sessionOpenedSchema = v.object({
  type: v.literal('session-opened'),
  session: sessionSchema,
});

/** A session is over; both ends close their peer connection. */
export const sessionClosedSchema = v.object({
  type: v.literal('session-closed'),
  sessionId: id,
  reason: v.picklist(['unsubscribed', 'viewer-left', 'stream-ended']),
});

/** Answers `ping`. */
export const pongSchema = v.object({ type: v.literal('pong'), sentAt: milliseconds });

/** Stable ids of what can be wrong with a message. */
export const errorIdSchema = v.picklist([
  'invalid-json',
  'unknown-type',
  'invalid-message',
  'hello-required',
  'already-welcome',
  'not-allowed',
  'unknown-stream',
  'unknown-session',
  'stream-id-taken',
  'already-publishing',
  'already-subscribed',
  'too-many-streams',
  'too-many-messages',
  'id-in-use',
  'unsupported-version',
  'server-full',
  'key-required',
  'key-refused',
  'blocked',
  'room-locked',
  'not-admitted',
  'unknown-client',
  'unknown-invitation',
  'too-many-invitations',
  'too-many-sessions',
  'too-many-candidates',
]);

/** Something a client sent was refused, and nothing was changed by it. */
export const errorSchema = v.object({
  type: v.literal('error'),
  id: errorIdSchema,
  /** One plain sentence. */
  message: v.pipe(v.string(), v.maxLength(300)),
  /** `type` of the message it answers, and the stream or session named there. */
  answers: v.exactOptional(v.pipe(v.string(), v.maxLength(40))),
  streamId: v.exactOptional(id),
  sessionId: v.exactOptional(id),
  /** Of the `moderate` it answers. */
  requestId: v.exactOptional(id),
});

/**
 * ICE servers to use from now on, instead of those of the welcome or of the last such message. Sent
 * long before the credentials that a client holds expire, so that every ICE restart and every new
 * connection has valid ones.
 */
export const iceServersSchema = v.object({
  type: v.literal('ice-servers'),
  iceServers: v.array(iceServerSchema),
});

/**
 * Where phones join from now on, instead of what the welcome said: the machine's addresses or its
 * certificate or key changed. Sent to operators only, and not to those who came through a proxy.
 */
export const joinAddressesSchema = v.object({
  type: v.literal('join-addresses'),
  /** The whole list, the address to show first; empty where phones cannot join. */
  joinAddresses: v.array(joinAddressSchema),
});

/** The server is about to close every socket; come back with your resume token. */
export const drainingSchema = v.object({ type: v.literal('draining') });

const toEverybody = [
  welcomeSchema,
  streamAddedSchema,
  streamUpdatedSchema,
  streamRemovedSchema,
  sessionOpenedSchema,
  sessionClosedSchema,
  signalSchema,
  pongSchema,
  errorSchema,
  iceServersSchema,
  keyRenewedSchema,
  drainingSchema,
] as const;

const toStreamers = [admissionSchema, moderatedSchema] as const;

const toViewers = [
  joinAddressesSchema,
  roomSchema,
  peopleSchema,
  waitingPictureSchema,
  doneSchema,
] as const;

// Each made by a call that is marked pure, since a spread is not taken for it: a page is then
// built without the schemas that it never uses.

/** Anything the server may send to a streamer; apart, so that phones carry no more than they need. */
export const streamerMessageSchema = /* @__PURE__ */ (() =>
  v.variant('type', [...toEverybody, ...toStreamers]))();

/** Anything the server may send to a viewer. */
export const viewerMessageSchema = /* @__PURE__ */ (() =>
  v.variant('type', [...toEverybody, ...toViewers]))();

/** Anything the server may send. */
export const serverMessageSchema = /* @__PURE__ */ (() =>
  v.variant('type', [...toEverybody, ...toStreamers, ...toViewers]))();

export type ClientType = v.InferOutput<typeof clientTypeSchema>;
export type CaptureFacts = v.InferOutput<typeof captureSchema>;
export type StreamInfo = v.InferOutput<typeof streamSchema>;
export type SessionInfo = v.InferOutput<typeof sessionSchema>;
export type IceServer = v.InferOutput<typeof iceServerSchema>;
export type JoinAddress = v.InferOutput<typeof joinAddressSchema>;
export type SignalPayload = v.InferOutput<typeof signalPayloadSchema>;
export type SignalMessage = v.InferOutput<typeof signalSchema>;
export type ErrorId = v.InferOutput<typeof errorIdSchema>;
export type ErrorMessage = v.InferOutput<typeof errorSchema>;
export type Hello = v.InferOutput<typeof helloSchema>;
export type Welcome = v.InferOutput<typeof welcomeSchema>;
export type ClientMessage = v.InferOutput<typeof clientMessageSchema>;
export type StreamerMessage = v.InferOutput<typeof streamerMessageSchema>;
export type ViewerMessage = v.InferOutput<typeof viewerMessageSchema>;
export type ServerMessage = v.InferOutput<typeof serverMessageSchema>;
/** What a caller writes: fields with defaults may be left out. */
export type ClientMessageInput = v.InferInput<typeof clientMessageSchema>;
export type StreamRemovedReason = v.InferOutput<typeof streamRemovedSchema>['reason'];
export type SessionClosedReason = v.InferOutput<typeof sessionClosedSchema>['reason'];
