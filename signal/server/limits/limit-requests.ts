/** Requests faster than an address may send them get a short answer instead of a page. */
import type { RequestListener } from 'node:http';
import type { ReadOrigin } from '../trusted-proxies';
import type { AddressLimits } from './address-limits';

/** Puts the limit before a listener. */
export function limitRequests(
  listener: RequestListener,
  addressLimits: AddressLimits,
  readOrigin: ReadOrigin,
): RequestListener {
  return (request, response) => {
    if (addressLimits.mayRequest(readOrigin(request).address)) {
      listener(request, response);
      return;
    }
    response.writeHead(429, { 'Retry-After': '1', 'Content-Length': '0', Connection: 'close' });
    response.end();
  };
}
