import { describe, expect, it } from 'vitest';
import { obstacleTo, splitArguments, type Machine } from './desktop-plan';

const desk: Machine = { platform: 'linux', env: { DISPLAY: ':0' }, userId: 1000, args: [] };

describe('obstacleTo', () => {
  it('sees none on a desk', () => {
    expect(obstacleTo(desk)).toBeUndefined();
    expect(obstacleTo({ ...desk, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeUndefined();
    expect(obstacleTo({ ...desk, platform: 'darwin', env: {} })).toBeUndefined();
    expect(obstacleTo({ ...desk, platform: 'win32', env: {}, userId: undefined })).toBeUndefined();
  });

  it('says that there is no display', () => {
    expect(obstacleTo({ ...desk, env: { DISPLAY: '' } })).toContain('no display');
  });

  it('says that root has no sandbox, unless it is waived', () => {
    expect(obstacleTo({ ...desk, userId: 0 })).toContain('root');
    expect(obstacleTo({ ...desk, userId: 0, args: ['--no-sandbox'] })).toBeUndefined();
  });
});

describe('splitArguments', () => {
  it('gives the server its options and Electron the rest', () => {
    expect(
      splitArguments(['--port', '9000', '--no-sandbox', '--name=Hall', '--max-clients', '5']),
    ).toEqual({
      serverEnv: { SIGHTLINE_PORT: '9000', SIGHTLINE_NAME: 'Hall', SIGHTLINE_MAX_CLIENTS: '5' },
      electronArgs: ['--no-sandbox'],
    });
  });

  it('keeps all of an option that may be repeated', () => {
    expect(splitArguments(['--stun', 'stun:a:1', '--stun=stun:b:2']).serverEnv).toEqual({
      SIGHTLINE_STUN: 'stun:a:1,stun:b:2',
    });
  });

  it('leaves what it does not know to Electron', () => {
    const args = ['--user-data-dir=/tmp/x', '--disable-gpu', 'word', '--proxy-server=a'];
    expect(splitArguments(args)).toEqual({ serverEnv: {}, electronArgs: args });
  });
});
