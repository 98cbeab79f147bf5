import { describe, expect, it } from 'vitest';
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import { movingSample, streamInfo } from '../testing/fake-streams';
import { SAMPLE_VALID_MS, STILL_LIMIT_MS, tileStateOf, type TileFacts } from './tile-state';

const NOW = 100_000;
const moving = movingSample({ takenAt: NOW - 400 });

function still(change: Partial<StreamSample> = {}): StreamSample {
  return {
    takenAt: NOW - 400,
    isPictureMoving: false,
    packetsArrive: true,
    pictureStoppedForMs: STILL_LIMIT_MS,
    ...change,
  };
}

function withCapture(state: 'hidden' | 'interrupted' | 'ended'): Partial<TileFacts> {
  return {
    info: streamInfo(1, { capture: { state, hasAudio: true, microphoneMuted: false } }),
  };
}

const away = { info: streamInfo(1, { connection: 'reconnecting' }) } satisfies Partial<TileFacts>;

const base: TileFacts = {
  info: streamInfo(1),
  removed: undefined,
  subscriberState: 'connected',
  sample: moving,
  hasHadPicture: true,
  pictureShownAt: undefined,
  pictureWantedSince: 0,
  now: NOW,
};

/** Stopped on purpose long ago. */
const GONE = still({ packetsArrive: false, pictureStoppedForMs: 60_000 });

const cases: [what: string, facts: Partial<TileFacts>, name: string, cause: string][] = [
  ['a moving picture', {}, 'live', 'picture-moving'],
  ['a picture while the publisher’s socket is down', away, 'live', 'picture-moving'],
  ['a picture although the phone says hidden', withCapture('hidden'), 'live', 'picture-moving'],
  [
    'a picture while ICE is being repaired',
    { subscriberState: 'reconnecting' },
    'live',
    'picture-moving',
  ],
  [
    'an old sample of a connection that stands',
    { sample: movingSample({ takenAt: NOW - 60_000 }) },
    'live',
    'picture-moving',
  ],
  [
    'an old sample of a connection that broke',
    {
      sample: movingSample({ takenAt: NOW - SAMPLE_VALID_MS }),
      subscriberState: 'reconnecting',
    },
    'reconnecting',
    'media-lost',
  ],
  ['a hiccup', { sample: still({ pictureStoppedForMs: 2_000 }) }, 'live', 'picture-moving'],
  ['packets without pictures', { sample: still() }, 'frozen', 'no-frames'],
  ['silence', { sample: still({ packetsArrive: false }) }, 'reconnecting', 'no-packets'],
  [
    'nothing while nothing is wanted',
    { sample: GONE, pictureWantedSince: undefined },
    'live',
    'picture-moving',
  ],
  [
    'nothing yet after it is wanted again',
    { sample: GONE, pictureWantedSince: NOW - 500 },
    'live',
    'picture-moving',
  ],
  [
    'nothing for long after it was wanted',
    { sample: GONE, pictureWantedSince: NOW - 4_000 },
    'reconnecting',
    'no-packets',
  ],
  [
    'a hidden phone page',
    { ...withCapture('hidden'), sample: still({ pictureStoppedForMs: 1_000 }) },
    'frozen',
    'capture-hidden',
  ],
  [
    'a call, also without packets',
    { ...withCapture('interrupted'), sample: still({ packetsArrive: false }) },
    'frozen',
    'capture-interrupted',
  ],
  ['a camera that ended', { ...withCapture('ended'), sample: still() }, 'frozen', 'capture-ended'],
  [
    'a phone away without pictures',
    { ...away, sample: still({ packetsArrive: false, pictureStoppedForMs: 1_000 }) },
    'reconnecting',
    'publisher-away',
  ],
  [
    'a new stream without a subscriber',
    { hasHadPicture: false, sample: undefined, subscriberState: undefined },
    'connecting',
    'waiting-for-picture',
  ],
  [
    'a new stream that has connected',
    { hasHadPicture: false, sample: still({ packetsArrive: false }) },
    'connecting',
    'waiting-for-picture',
  ],
  [
    'a new stream of a hidden phone',
    { ...withCapture('hidden'), hasHadPicture: false, sample: undefined },
    'connecting',
    'capture-hidden',
  ],
  [
    'a new stream whose connection failed',
    { hasHadPicture: false, sample: undefined, subscriberState: 'reconnecting' },
    'reconnecting',
    'media-lost',
  ],
  [
    'a first picture before the first sample',
    { hasHadPicture: true, sample: undefined, pictureShownAt: NOW - 10 },
    'live',
    'picture-moving',
  ],
  [
    'a first picture that came after the last sample',
    { sample: still({ takenAt: NOW - 20 }), pictureShownAt: NOW - 10 },
    'live',
    'picture-moving',
  ],
  [
    'a session that was replaced and shows nothing yet',
    { sample: undefined, subscriberState: 'connecting' },
    'reconnecting',
    'media-lost',
  ],
  [
    'a lost session',
    { sample: undefined, subscriberState: undefined },
    'reconnecting',
    'media-lost',
  ],
  ['a stream stopped on the phone', { removed: 'stopped' }, 'ended', 'removed-stopped'],
  ['a phone that left', { removed: 'left', sample: undefined }, 'ended', 'removed-left'],
  ['a phone given up', { removed: 'lost', ...away }, 'ended', 'removed-lost'],
];

describe('tileStateOf', () => {
  it.each(cases)('%s', (_what, facts, name, cause) => {
    expect(tileStateOf({ ...base, ...facts })).toEqual({ name, cause });
  });
});
