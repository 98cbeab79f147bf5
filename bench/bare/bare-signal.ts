/** What the two ends of a bare connection tell each other; the harness carries it by hand. */
export type BareSignal =
  /** The viewer's page has loaded, and wants to be called. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'description'; readonly description: RTCSessionDescriptionInit }
  | { readonly kind: 'candidate'; readonly candidate: RTCIceCandidateInit }
  | { readonly kind: 'bye' };

declare global {
  interface Window {
    /** Put there by the harness: carries a signal to the other end. */
    bareSend(viewer: number, signal: BareSignal): Promise<void>;
    /** Put there by the page: takes what the other end sent. */
    bareTake(viewer: number, signal: BareSignal): Promise<void>;
  }
}
