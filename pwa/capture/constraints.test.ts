import { describe, expect, it } from 'vitest';
import { facingOf, nextDevice, otherCamera, videoConstraints } from './constraints';

describe('videoConstraints', () => {
  it('asks for 720p30 and a side as wishes only, so that no camera is refused', () => {
    expect(videoConstraints({ kind: 'facing', facing: 'environment' })).toEqual({
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30 },
      facingMode: { ideal: 'environment' },
    });
  });

  it('names a picked camera exactly', () => {
    const constraints = videoConstraints({ kind: 'device', deviceId: 'b' });
    expect(constraints.deviceId).toEqual({ exact: 'b' });
    expect(constraints.facingMode).toBeUndefined();
  });
});

describe('facingOf', () => {
  it.each([
    [{ facingMode: 'user' }, '', 'user'],
    [{ facingMode: 'environment' }, 'Front Camera', 'environment'],
    [{}, 'camera2 1, facing front', 'user'],
    [{}, 'Back Camera', 'environment'],
    [{ facingMode: 'left' }, 'Webcam', undefined],
    [{}, 'Frontier HD', undefined],
  ])('%j with label "%s" looks to %s', (settings, label, facing) => {
    expect(facingOf(settings, label)).toBe(facing);
  });
});

describe('otherCamera', () => {
  it('is the other side of a phone', () => {
    const current = { facing: 'environment', deviceId: 'a' } as const;
    expect(otherCamera(current, ['a', 'b', 'c'])).toEqual({ kind: 'facing', facing: 'user' });
  });

  it('is the next device where cameras have no side', () => {
    const current = { facing: undefined, deviceId: 'b' };
    expect(otherCamera(current, ['a', 'b', 'c'])).toEqual({ kind: 'device', deviceId: 'c' });
  });

  it('is nothing where there is one camera', () => {
    expect(otherCamera({ facing: 'user', deviceId: 'a' }, ['a'])).toBeUndefined();
  });
});

describe('nextDevice', () => {
  it('goes round', () => {
    expect(nextDevice('b', ['a', 'b'])).toEqual({ kind: 'device', deviceId: 'a' });
  });

  it('starts at the first when the present one has been unplugged', () => {
    expect(nextDevice('gone', ['a', 'b'])).toEqual({ kind: 'device', deviceId: 'a' });
  });

  it('finds nothing in an empty list, or beside the only one', () => {
    expect(nextDevice('a', [])).toBeUndefined();
    expect(nextDevice('a', ['a'])).toBeUndefined();
  });
});
