import { describe, expect, it } from 'vitest';
import {
  CONSOLE_URL,
  CONTENT_SECURITY_POLICY,
  isConsolePage,
  isHeld,
  isPermitted,
  isTrustedSender,
  placeOf,
  webPreferences,
} from './security';

const elsewhere = [
  'https://sightline/live-streams/',
  'app://sightline.evil/live-streams/',
  'app://evil/live-streams/',
  'app://user@sightline/live-streams/',
  'app://sightline:1/live-streams/',
  'APP://evil@sightline/live-streams/',
  'file:///live-streams/',
  'about:blank',
  'data:text/html,hello',
  '',
  'not an address',
];

describe('webPreferences', () => {
  it('keeps the page away from Node and in its sandbox', () => {
    expect(webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
    });
  });

  it('keeps a hidden wall running', () => {
    expect(webPreferences.backgroundThrottling).toBe(false);
  });
});

describe('CONTENT_SECURITY_POLICY', () => {
  it('runs no script but our own', () => {
    expect(CONTENT_SECURITY_POLICY).toContain("script-src 'self';");
    expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
    expect(CONTENT_SECURITY_POLICY).not.toContain('unsafe');
  });

  it('lets the console reach a server on any host', () => {
    expect(CONTENT_SECURITY_POLICY).toContain("connect-src 'self' ws: wss:");
  });
});

describe('isPermitted', () => {
  it.each(['fullscreen', 'clipboard-sanitized-write'])('gives the console %s', (permission) => {
    expect(isPermitted(permission, CONSOLE_URL)).toBe(true);
  });

  it.each([
    'media',
    'display-capture',
    'geolocation',
    'notifications',
    'midi',
    'midiSysex',
    'pointerLock',
    'keyboardLock',
    'openExternal',
    'clipboard-read',
    'window-management',
    'hid',
    'serial',
    'usb',
    'unknown',
  ])('denies it %s', (permission) => {
    expect(isPermitted(permission, CONSOLE_URL)).toBe(false);
  });

  it.each(elsewhere)('gives %j nothing', (address) => {
    expect(isPermitted('fullscreen', address)).toBe(false);
  });
});

describe('isHeld', () => {
  it('says yes to the microphone check, so that WebRTC uses all interfaces', () => {
    expect(isHeld('media', 'app://sightline/', 'audio')).toBe(true);
  });

  it('says no to the camera, to other pages and to everything else', () => {
    expect(isHeld('media', 'app://sightline/', 'video')).toBe(false);
    expect(isHeld('media', 'app://sightline/', undefined)).toBe(false);
    expect(isHeld('media', 'https://example.org/', 'audio')).toBe(false);
    expect(isHeld('geolocation', 'app://sightline/', undefined)).toBe(false);
  });
});

describe('isTrustedSender', () => {
  it('trusts the top frame of the console, whatever its query', () => {
    expect(isTrustedSender({ url: CONSOLE_URL, isTopFrame: true })).toBe(true);
    expect(isTrustedSender({ url: `${CONSOLE_URL}?demo#wall`, isTopFrame: true })).toBe(true);
  });

  it('trusts no inner frame and no frame that is gone', () => {
    expect(isTrustedSender({ url: CONSOLE_URL, isTopFrame: false })).toBe(false);
    expect(isTrustedSender(undefined)).toBe(false);
  });

  it.each([...elsewhere, 'app://sightline/', 'app://sightline/live-streams/other.html'])(
    'does not trust %j',
    (url) => {
      expect(isTrustedSender({ url, isTopFrame: true })).toBe(false);
      expect(isConsolePage(url)).toBe(false);
    },
  );
});

describe('placeOf', () => {
  it.each([
    ['https://desk:8443/stream?x=1#key=AbCdEfGhIjKlMnOpQrStUv', 'https://desk:8443/stream'],
    ['app://sightline/live-streams/#key=AbCdEfGhIjKlMnOpQrStUv', CONSOLE_URL],
    ['data:text/html,AbCdEfGhIjKlMnOpQrStUv', 'data:'],
    ['mailto:AbCdEfGhIjKlMnOpQrStUv', 'mailto:'],
    ['https://user:AbCdEfGhIjKlMnOpQrStUv@desk/', 'no address at all'],
    ['#key=AbCdEfGhIjKlMnOpQrStUv', 'no address at all'],
    ['', 'an unnamed place'],
  ])('writes %j without what may be secret', (address, place) => {
    expect(placeOf(address)).toBe(place);
  });
});
