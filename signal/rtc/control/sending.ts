import type { Telemetry } from '../../protocol/control-reports';
import type { SenderSample } from '../stats/sender-sample';

/** Longest text that the channel's schemas take, in UTF-16 units. */
const MAX_TEXT = 80;

type Sending = Telemetry['sending'];

/** A sample as it travels: texts cut to size, and a reason that is none of ours left out. */
export function sendingOf(sample: SenderSample): Sending {
  const { videoCodec, encoderImplementation, qualityLimitationReason, ...figures } = sample;
  return {
    ...figures,
    ...(videoCodec === undefined ? {} : { videoCodec: videoCodec.slice(0, MAX_TEXT) }),
    ...(encoderImplementation === undefined
      ? {}
      : { encoderImplementation: encoderImplementation.slice(0, MAX_TEXT) }),
    ...(isReason(qualityLimitationReason) ? { qualityLimitationReason } : {}),
  };
}

function isReason(
  reason: string | undefined,
): reason is NonNullable<Sending['qualityLimitationReason']> {
  return reason === 'none' || reason === 'cpu' || reason === 'bandwidth' || reason === 'other';
}
