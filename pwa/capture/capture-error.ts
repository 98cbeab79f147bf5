/**
 * Why a camera could not be opened, as one of a few codes. Browsers say it by the names of
 * exceptions (Media Capture and Streams, section 10.2.1), older ones by names of their own.
 */

/** Each has its own sentence and way out in `wording.ts`. */
export type CaptureErrorCode =
  /** The page is not a secure context: browsers hide the camera from it. */
  | 'insecure'
  /** The browser knows no camera at all. */
  | 'unsupported'
  /** Refused for this site, and the browser will not ask again. */
  | 'denied'
  /** The question was closed without an answer; it can be asked again. */
  | 'dismissed'
  /** The site may, but the system does not let the browser. */
  | 'denied-by-system'
  | 'no-camera'
  /** There is a camera, but it does not start: nearly always another app holds it. */
  | 'busy'
  /** No camera can do what was asked for. */
  | 'unsuitable'
  | 'unknown';

/** What decides whether a page can ever be given a camera. */
export interface CaptureScope {
  readonly isSecureContext: boolean;
  readonly navigator: { readonly mediaDevices?: object | undefined };
}

/** What stands in the way before anybody is asked; undefined when nothing does. */
export function captureObstacle(scope: CaptureScope): 'insecure' | 'unsupported' | undefined {
  if (!scope.isSecureContext) return 'insecure';
  const { mediaDevices } = scope.navigator;
  return mediaDevices !== undefined && 'getUserMedia' in mediaDevices ? undefined : 'unsupported';
}

/**
 * The code of what `getUserMedia` rejected with.
 * @param permission the camera's state in the Permissions API just after; undefined where a
 *   browser cannot tell, which is then treated as a lasting refusal, since that helps in both cases.
 */
export function captureErrorCode(
  error: unknown,
  permission: PermissionState | undefined,
): CaptureErrorCode {
  switch (nameOf(error)) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
    case 'SecurityError':
      return refusalCode(error, permission);
    case 'NotFoundError':
    case 'DevicesNotFoundError':
      return 'no-camera';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'busy';
    case 'OverconstrainedError':
    case 'ConstraintNotSatisfiedError':
      return 'unsuitable';
    default:
      return 'unknown';
  }
}

function refusalCode(error: unknown, permission: PermissionState | undefined): CaptureErrorCode {
  // Chromium: "Permission denied by system". Elsewhere a granted site that is refused tells it.
  if (permission === 'granted' || /by system/iu.test(messageOf(error))) return 'denied-by-system';
  return permission === 'prompt' ? 'dismissed' : 'denied';
}

// `OverconstrainedError` is not an `Error` everywhere, so only its shape is looked at.
function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : '';
}
