/** Sizes and rates of the `control` data channel. Both ends keep to them, and drop what does not. */

/** Id of the negotiated data channel (RFC 8832 is not used: both ends know it). */
export const CONTROL_CHANNEL_ID = 0;

/** Name of the channel, for people who debug. */
export const CONTROL_CHANNEL_LABEL = 'control';

/** Longest message, in UTF-16 units: a list of cameras with everything they offer takes 3,000. */
export const MAX_CONTROL_LENGTH = 12 * 1024;

/** Messages that one end reads in a second; further ones are dropped. Ours send fewer than 10. */
export const MAX_CONTROL_PER_SECOND = 40;

/** Commands that a phone carries out for one viewer at the same time. */
export const MAX_OPEN_COMMANDS = 8;

/** Time in which every command is answered, in milliseconds. */
export const COMMAND_TIMEOUT_MS = 2_000;

/** Time after which a phone says that it is still at it, in milliseconds: the answer has to travel. */
export const COMMAND_UNFINISHED_MS = 1_600;

/** Longest message shown on a phone, in UTF-16 units: it has to fit a screen held at arm's length. */
export const MAX_PHONE_MESSAGE_LENGTH = 200;

/** Cameras that a phone lists; the most that is known has five. */
export const MAX_CAMERAS = 16;
