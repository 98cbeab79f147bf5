/** Addresses of the way in. All keep query and fragment of the join link, so that the room survives. */

/** Of a page, as `window.location` has it. */
export type PageLocation = Pick<Location, 'protocol' | 'origin' | 'hostname' | 'search' | 'hash'>;

/**
 * Origin of the secure pages.
 * @param securePort - as the server tells; a page that is secure itself needs none
 */
export function secureOriginOf(location: PageLocation, securePort: number): string {
  if (location.protocol === 'https:') return location.origin;
  return new URL(`https://${location.hostname}:${securePort}`).origin;
}

/** This page, on the secure port. */
export function securePageOf(secureOrigin: string, location: PageLocation): string {
  return `${secureOrigin}/trust${location.search}${location.hash}`;
}

/**
 * The camera page.
 * @param secureOrigin - empty for a path, which the plain port leads on to the secure one
 */
export function cameraPageOf(secureOrigin: string, location: PageLocation): string {
  return `${secureOrigin}/stream${location.search}${location.hash}`;
}
