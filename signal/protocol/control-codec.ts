import { decode, schemasByType, type CodecError } from './codec';
import { viewerControlSchema, type ViewerControl } from './control';
import type { Result } from './result';

const viewerSchemas = /* @__PURE__ */ schemasByType(viewerControlSchema);

/** Reads what a viewer sent to a phone over the `control` data channel. */
export function decodeViewerControl(text: string): Result<ViewerControl, CodecError> {
  return decode(text, viewerSchemas);
}
