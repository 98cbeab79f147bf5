import { describe, expect, it } from 'vitest';
import { captureErrorCode, captureObstacle } from './capture-error';

describe('captureErrorCode', () => {
  it.each([
    ['NotAllowedError', 'denied', 'denied'],
    ['NotAllowedError', 'prompt', 'dismissed'],
    ['NotAllowedError', 'granted', 'denied-by-system'],
    ['NotAllowedError', undefined, 'denied'],
    ['PermissionDeniedError', undefined, 'denied'],
    ['SecurityError', 'denied', 'denied'],
    ['NotFoundError', 'prompt', 'no-camera'],
    ['DevicesNotFoundError', undefined, 'no-camera'],
    ['NotReadableError', 'granted', 'busy'],
    ['TrackStartError', undefined, 'busy'],
    ['AbortError', 'granted', 'busy'],
    ['OverconstrainedError', 'granted', 'unsuitable'],
    ['TypeError', 'granted', 'unknown'],
  ] as const)('%s with permission %s is %s', (name, permission, code) => {
    expect(captureErrorCode(new DOMException('', name), permission)).toBe(code);
  });

  it('tells a refusal of the system by what Chromium says', () => {
    const error = new DOMException('Permission denied by system', 'NotAllowedError');
    expect(captureErrorCode(error, 'prompt')).toBe('denied-by-system');
  });

  it('reads errors that are no Error at all', () => {
    expect(captureErrorCode({ name: 'OverconstrainedError', constraint: 'width' }, 'granted')).toBe(
      'unsuitable',
    );
    expect(captureErrorCode(undefined, undefined)).toBe('unknown');
  });
});

describe('captureObstacle', () => {
  const mediaDevices = { getUserMedia: () => undefined };

  it('names an insecure page first: its browser hides the camera as well', () => {
    expect(captureObstacle({ isSecureContext: false, navigator: {} })).toBe('insecure');
  });

  it('names a browser without cameras', () => {
    expect(captureObstacle({ isSecureContext: true, navigator: {} })).toBe('unsupported');
    expect(captureObstacle({ isSecureContext: true, navigator: { mediaDevices: {} } })).toBe(
      'unsupported',
    );
  });

  it('finds none where a camera can be asked for', () => {
    expect(captureObstacle({ isSecureContext: true, navigator: { mediaDevices } })).toBeUndefined();
  });
});
