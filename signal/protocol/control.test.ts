import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ViewerControl } from './control';
import type { PhoneControl } from './control-reports';
import { decodeViewerControl } from './control-codec';
import { decodePhoneControl } from './control-reports-codec';
import { MAX_CAMERAS, MAX_PHONE_MESSAGE_LENGTH } from './control-limits';

const REQUEST = '00000000-0000-4000-8000-000000000001';

const fromViewers: readonly ViewerControl[] = [
  { type: 'viewport', viewport: { width: 640, height: 360, isVisible: true } },
  { type: 'viewport', viewport: { width: 0, height: 0, isVisible: false, maxFramerate: 15 } },
  {
    type: 'quality',
    quality: { wish: { kind: 'preset', preset: 'data-saver' }, isPinned: false },
  },
  {
    type: 'quality',
    quality: { wish: { kind: 'exact', scale: 0.5, maxBitrateBps: 500_000 }, isPinned: true },
  },
  { type: 'clock-ping', sentAt: 12.5 },
  ...(
    [
      { kind: 'switch-camera' },
      { kind: 'switch-camera', facing: 'user' },
      { kind: 'torch', isOn: true },
      { kind: 'zoom', value: 2.5 },
      { kind: 'focus', mode: 'manual', distance: 0.4 },
      { kind: 'exposure', mode: 'continuous', compensation: -1 },
      { kind: 'capture', width: 1920, height: 1080, frameRate: 60 },
      { kind: 'microphone', isMuted: true },
      { kind: 'message', text: 'A little to the left, please' },
      { kind: 'clear-message' },
      { kind: 'locate' },
    ] as const
  ).map((command) => ({ type: 'command', requestId: REQUEST, command }) as const),
];

const fromPhones: readonly PhoneControl[] = [
  { type: 'camera', isControlAllowed: false, cameras: [] },
  {
    type: 'camera',
    isControlAllowed: true,
    cameras: [{ deviceId: 'a', label: 'Back camera', facing: 'environment' }],
    zoom: { min: 1, max: 8, step: 0.1, value: 1 },
    focus: { modes: ['continuous', 'single-shot'], mode: 'continuous' },
  },
  { type: 'telemetry', sending: {}, phone: {} },
  {
    type: 'telemetry',
    sending: { width: 640, height: 360, qualityLimitationReason: 'cpu', cpuLimitedMs: 1_200 },
    phone: { batteryLevel: 0.4, isCharging: false, network: 'wifi', orientation: 'portrait' },
  },
  { type: 'command-result', requestId: REQUEST, reason: 'failed', sentence: 'It did not.' },
  { type: 'clock-pong', sentAt: 1, receivedAt: 2, repliedAt: 2.1 },
];

describe('a message of the control channel', () => {
  it.each(fromViewers)('from a viewer is read as it was written: $type', (message) => {
    expect(decodeViewerControl(JSON.stringify(message))).toEqual({ ok: true, value: message });
    expect(decodePhoneControl(JSON.stringify(message)).ok).toBe(false);
  });

  it.each(fromPhones)('from a phone is read as it was written: $type', (message) => {
    expect(decodePhoneControl(JSON.stringify(message))).toEqual({ ok: true, value: message });
    expect(decodeViewerControl(JSON.stringify(message)).ok).toBe(false);
  });

  it('is refused where a phone lies', () => {
    const lies: unknown[] = [
      { type: 'telemetry', sending: { framesPerSecond: -1 }, phone: {} },
      { type: 'telemetry', sending: { packetsLostRatio: 2 }, phone: {} },
      { type: 'telemetry', sending: { width: '640' }, phone: {} },
      { type: 'telemetry', sending: { encoderImplementation: 'x'.repeat(10_000) }, phone: {} },
      { type: 'telemetry', sending: {}, phone: { batteryLevel: 1.5 } },
      { type: 'telemetry', sending: {}, phone: { network: '<b>wifi</b>' } },
      {
        type: 'camera',
        isControlAllowed: true,
        cameras: Array.from({ length: MAX_CAMERAS + 1 }, () => ({ deviceId: 'a', label: '' })),
      },
      { type: 'command-result', requestId: 'mine', reason: 'failed' },
    ];
    for (const lie of lies) expect(decodePhoneControl(JSON.stringify(lie)).ok).toBe(false);
  });

  it('is refused where a viewer asks for what cannot be', () => {
    const wishes: unknown[] = [
      { type: 'viewport', viewport: { width: -1, height: 1, isVisible: true } },
      { type: 'viewport', viewport: { width: 1e9, height: 1, isVisible: true } },
      { type: 'quality', quality: { wish: { kind: 'exact', scale: 4 }, isPinned: false } },
      { type: 'quality', quality: { wish: { kind: 'exact', maxFramerate: 0 }, isPinned: false } },
      { type: 'command', requestId: REQUEST, command: { kind: 'format' } },
      {
        type: 'command',
        requestId: REQUEST,
        command: { kind: 'message', text: 'x'.repeat(MAX_PHONE_MESSAGE_LENGTH + 1) },
      },
    ];
    for (const wish of wishes) expect(decodeViewerControl(JSON.stringify(wish)).ok).toBe(false);
  });

  it('is never anything but a message or a refusal, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeViewerControl(text).ok).toBe(false);
        expect(decodePhoneControl(text).ok).toBe(false);
      }),
    );
  });
});
