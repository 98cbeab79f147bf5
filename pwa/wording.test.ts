import { describe, expect, it } from 'vitest';
import type { Device } from '../signal/protocol/fields';
import { stepsByDevice } from './permission-steps';
import type { BroadcastState, ProblemCode } from './streaming/broadcast-state';
import { anySteps, problemWording, type ProblemWording } from './problem-wording';
import { announcementWording, interruptionWording } from './state-sentences';
import { connectionWording, statusWording } from './wording';

const codes: Record<ProblemCode, true> = {
  insecure: true,
  unsupported: true,
  denied: true,
  dismissed: true,
  'denied-by-system': true,
  'no-camera': true,
  busy: true,
  unsuitable: true,
  unknown: true,
  'no-webrtc': true,
  'server-closed': true,
  'continued-elsewhere': true,
  'stream-refused': true,
  'key-required': true,
  'key-refused': true,
  blocked: true,
  removed: true,
  'turned-away': true,
  'room-locked': true,
  'server-busy': true,
};
const allCodes = Object.keys(codes) as ProblemCode[];
const iphone: Device = { kind: 'phone', platform: 'iOS', browser: 'Safari' };
const android: Device = { kind: 'phone', platform: 'Android', browser: 'Chrome' };
const location = { port: '8443', pathname: '/stream' };

function wordingOf(code: ProblemCode, device = android, steps = stepsByDevice): ProblemWording {
  return problemWording({ code }, device, location, steps);
}

const idle: BroadcastState = {
  phase: 'idle',
  problem: undefined,
  notice: undefined,
  signaling: 'connected',
  isWaiting: false,
  serverName: 'Studio',
  label: 'Camera',
  video: undefined,
  isMirrored: false,
  hasAudio: false,
  isMuted: false,
  canSwitchCamera: false,
  isSwitching: false,
  capture: 'active',
  viewerCount: 0,
  liveSinceMs: undefined,
};

describe('problemWording', () => {
  it('has a sentence of its own, and a way out, for each problem', () => {
    const texts = allCodes.map((code) => {
      const { title, sentence, wayOut } = wordingOf(code);
      expect(wayOut.label).not.toBe('');
      return `${title} ${sentence}`;
    });
    expect(new Set(texts).size).toBe(allCodes.length);
  });

  it('names the one address that works without HTTPS', () => {
    expect(wordingOf('insecure').steps).toEqual([
      'On that computer, open http://localhost:8443/stream',
    ]);
  });

  it('knows where each browser hides its permissions', () => {
    const devices: Device[] = [
      iphone,
      { kind: 'phone', platform: 'iOS', browser: 'Chrome' },
      android,
      { kind: 'phone', platform: 'Android', browser: 'Firefox' },
      { kind: 'computer', platform: 'macOS', browser: 'Safari' },
      { kind: 'computer', platform: 'Windows', browser: 'Edge' },
    ];
    const steps = devices.map((device) => wordingOf('denied', device).steps.join(' '));
    expect(new Set(steps).size).toBe(devices.length);
  });

  it('has steps for every device, also on the light page', () => {
    const platforms = ['iOS', 'iPadOS', 'Android', 'macOS', 'Windows', 'Linux', undefined];
    for (const platform of platforms) {
      const device: Device = { kind: 'unknown', ...(platform === undefined ? {} : { platform }) };
      for (const steps of [stepsByDevice, anySteps]) {
        expect(wordingOf('denied', device, steps).steps).not.toEqual([]);
        expect(wordingOf('denied-by-system', device, steps).steps).not.toEqual([]);
      }
    }
  });

  it('loads the page again where Safari would answer for itself', () => {
    expect(wordingOf('dismissed', iphone).wayOut.kind).toBe('reload');
    expect(wordingOf('dismissed', android).wayOut.kind).toBe('retry');
  });

  it('passes on what the server said', () => {
    const problem = { code: 'stream-refused', sentence: 'The wall is full.' } as const;
    expect(problemWording(problem, android, location, anySteps).sentence).toBe('The wall is full.');
  });
});

describe('status', () => {
  it('shows the clock while live, and announces without it', () => {
    const live: BroadcastState = { ...idle, phase: 'live', liveSinceMs: 1_000 };
    expect(statusWording(live, 66_000)).toBe('LIVE 01:05');
    expect(announcementWording(live)).toBe('You are live.');
  });

  it('says what it waits for while connecting', () => {
    const connecting: BroadcastState = { ...idle, phase: 'connecting' };
    expect(statusWording(connecting, 0)).toBe('Starting the camera…');
  });

  it('says where the connection stands before anything is sent', () => {
    expect(connectionWording(idle)).toBe('Connected to Studio');
    expect(connectionWording({ ...idle, signaling: 'connecting' })).toMatch(/Looking for/u);
    expect(connectionWording({ ...idle, signaling: 'reconnecting' })).toMatch(/out of reach/u);
  });

  it('explains a missing picture only while it is missing', () => {
    expect(interruptionWording(idle)).toBeUndefined();
    expect(interruptionWording({ ...idle, capture: 'interrupted' })).toMatch(/paused/u);
    expect(interruptionWording({ ...idle, capture: 'hidden' })).toMatch(/not in front/u);
  });
});
