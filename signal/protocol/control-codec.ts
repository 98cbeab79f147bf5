/** Text of the `control` data channel to messages; each end carries the schemas of the other's. */
import { decode, typesOf, type CodecError } from './codec';
import {
  phoneControlSchema,
  viewerControlSchema,
  type PhoneControl,
  type ViewerControl,
} from './control';
import type { Result } from './result';

const viewerTypes = /* @__PURE__ */ typesOf(viewerControlSchema);
const phoneTypes = /* @__PURE__ */ typesOf(phoneControlSchema);

/** Reads what a viewer sent to a phone. */
export function decodeViewerControl(text: string): Result<ViewerControl, CodecError> {
  return decode(text, viewerControlSchema, viewerTypes);
}

/** Reads what a phone sent to a viewer. */
export function decodePhoneControl(text: string): Result<PhoneControl, CodecError> {
  return decode(text, phoneControlSchema, phoneTypes);
}
