import { decode, schemasByType, type CodecError } from './codec';
import { phoneControlSchema, type PhoneControl } from './control-reports';
import type { Result } from './result';

const phoneSchemas = /* @__PURE__ */ schemasByType(phoneControlSchema);

/** Reads what a phone sent to a viewer over the `control` data channel. */
export function decodePhoneControl(text: string): Result<PhoneControl, CodecError> {
  return decode(text, phoneSchemas);
}
