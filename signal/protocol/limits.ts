/**
 * The sizes and rates that are part of the protocol. Both ends use these numbers, so that a
 * well-behaved client never meets a refusal it could have foreseen.
 */

/** Version both ends must agree on; sent in `hello`, and named by the subprotocol. */
export const PROTOCOL_VERSION = 1;

/** WebSocket subprotocol (RFC 6455 section 1.9). */
export const SUBPROTOCOL = 'sightline.v1';

/** Largest text frame either end accepts, in bytes. A 720p offer with all codecs is about 8 KiB. */
export const MAX_FRAME_BYTES = 64 * 1024;

/** Longest SDP, in UTF-16 units: what is left of a frame after its envelope and JSON escapes. */
export const MAX_SDP_LENGTH = 56 * 1024;

/** Longest ICE candidate line, in UTF-16 units; real ones stay below 300. */
export const MAX_CANDIDATE_LENGTH = 1024;

/** Longest name of a stream, in UTF-16 units: it has to fit a tile. */
export const MAX_LABEL_LENGTH = 60;

/** Time a fresh socket has to say `hello`, in milliseconds. */
export const HELLO_TIMEOUT_MS = 10_000;

/** Interval of the client's `ping`, in milliseconds. */
export const PING_INTERVAL_MS = 5_000;

/** Silence after which a client gives a socket up, in milliseconds: two pings and some grace. */
export const SILENCE_TIMEOUT_MS = 12_000;

/** Time a dropped client may come back and find everything as it was, in milliseconds. */
export const RESUME_WINDOW_MS = 30_000;

/** People listed in one message, each kind; further ones are only counted, so that a frame suffices. */
export const MAX_LISTED_PEOPLE = 80;

/** Invitations that a room keeps. */
export const MAX_INVITATIONS = 50;

/** Longest life of an invitation, in milliseconds: a year. */
export const MAX_INVITATION_MS = 365 * 24 * 60 * 60 * 1000;

/** Most devices that one invitation may let in. */
export const MAX_INVITATION_USES = 10_000;
