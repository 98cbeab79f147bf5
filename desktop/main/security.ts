/**
 * What the console's page may and may not do, as plain decisions without Electron, so that tests
 * can hold them. `guard.ts` applies them. Follows Electron's security checklist.
 */

/** The console's own scheme: unlike `file:` it has an origin, and only we can answer it. */
export const APP_SCHEME = 'app';

/** Origin of the console's page. */
export const CONSOLE_ORIGIN = 'app://sightline';

/** Address of the console's page. */
export const CONSOLE_URL = `${CONSOLE_ORIGIN}/live-streams/`;

/** The window's `webPreferences`, but for the path of the preload script. */
export const webPreferences = {
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
  safeDialogs: true,
  spellcheck: false,
  /** A wall behind another window goes on playing and counting. */
  backgroundThrottling: false,
  /** Tiles start by themselves, and a listen button may be pressed by a shortcut. */
  autoplayPolicy: 'no-user-gesture-required',
} as const;

/**
 * Content-Security-Policy of the console's page. Signaling may be on any host, so `connect-src`
 * names schemes; the QR code is a `data:` image; media arrives as MediaStream, which needs none.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  'media-src blob:',
  "connect-src 'self' ws: wss:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

/** Full screen for a tile, and copying the join link. Never a camera or a microphone. */
const PERMITTED: readonly string[] = ['fullscreen', 'clipboard-sanitized-write'];

/**
 * Whether a page may have a permission it asks for: only the console, and only what it needs.
 *
 * @param permission - Electron's name of it.
 * @param requestingUrl - address or origin of who asks.
 */
export function isPermitted(permission: string, requestingUrl: string): boolean {
  return PERMITTED.includes(permission) && isConsoleOrigin(requestingUrl);
}

/**
 * Whether a page already has a permission, which Chromium asks without the page's doing.
 *
 * WebRTC asks for the microphone before it gathers candidates: without it, it only uses the
 * interface of the default route, and phones on the desk's other networks cannot be reached. So
 * this answers yes, while every request to really open the microphone is denied by `isPermitted`.
 *
 * @param mediaType - what a `media` permission is about.
 */
export function isHeld(
  permission: string,
  requestingUrl: string,
  mediaType: string | undefined,
): boolean {
  if (permission === 'media') return mediaType === 'audio' && isConsoleOrigin(requestingUrl);
  return isPermitted(permission, requestingUrl);
}

/** Whether an address belongs to the console's own origin. */
export function isConsoleOrigin(address: string): boolean {
  // `URL.origin` is "null" for schemes it does not know, so compare the parts.
  const url = parsed(address);
  return url !== undefined && `${url.protocol}//${url.host}` === CONSOLE_ORIGIN;
}

/** Whether an address is the console's page itself, whatever its query or fragment. */
export function isConsolePage(address: string): boolean {
  return isConsoleOrigin(address) && parsed(address)?.pathname === '/live-streams/';
}

/**
 * An address as the log may have it: without its query and fragment, where a link has its key, and
 * without the content of a `data:` address.
 */
export function placeOf(address: string): string {
  const url = parsed(address);
  if (url === undefined) return address === '' ? 'an unnamed place' : 'no address at all';
  return url.host === '' ? url.protocol : `${url.protocol}//${url.host}${url.pathname}`;
}

/** What is known of the frame that sent a message. */
export interface Sender {
  url: string;
  isTopFrame: boolean;
}

/** Whether a message to the main process may be answered at all. */
export function isTrustedSender(sender: Sender | undefined): boolean {
  return sender !== undefined && sender.isTopFrame && isConsolePage(sender.url);
}

/** Refuses oddities such as credentials or a port before an address is trusted. */
function parsed(address: string): URL | undefined {
  try {
    const url = new URL(address);
    return url.username === '' && url.password === '' ? url : undefined;
  } catch {
    // Not an address at all, so nobody's page.
    return undefined;
  }
}
