/** Schemas that several messages share, or that are too long for one row; each has its own table. */
import * as control from '../../signal/protocol/control';
import * as reports from '../../signal/protocol/control-reports';
import * as fields from '../../signal/protocol/fields';
import * as messages from '../../signal/protocol/messages';
import * as room from '../../signal/protocol/room-messages';
import type { Part } from './fields';

/** A part, and the constant whose comment describes it. */
export interface DescribedPart extends Part {
  readonly constant: string;
}

/** Of messages that go through the server. */
export const SIGNALING_PARTS: readonly DescribedPart[] = [
  { title: 'Stream', schema: messages.streamSchema, constant: 'streamSchema' },
  { title: 'Device', schema: fields.deviceSchema, constant: 'deviceSchema' },
  { title: 'Capture', schema: messages.captureSchema, constant: 'captureSchema' },
  { title: 'Session', schema: messages.sessionSchema, constant: 'sessionSchema' },
  {
    title: 'Signal payload',
    schema: messages.signalPayloadSchema,
    constant: 'signalPayloadSchema',
  },
  { title: 'ICE server', schema: messages.iceServerSchema, constant: 'iceServerSchema' },
  { title: 'Join address', schema: messages.joinAddressSchema, constant: 'joinAddressSchema' },
  { title: 'Command', schema: room.commandSchema, constant: 'commandSchema' },
  { title: 'Moderation', schema: room.moderationSchema, constant: 'moderationSchema' },
  { title: 'Target', schema: room.targetSchema, constant: 'targetSchema' },
  { title: 'Invitation', schema: room.invitationSchema, constant: 'invitationSchema' },
  { title: 'Blocked device', schema: room.blockedDeviceSchema, constant: 'blockedDeviceSchema' },
  { title: 'Waiting phone', schema: room.waitingPhoneSchema, constant: 'waitingPhoneSchema' },
  { title: 'Watcher', schema: room.watcherSchema, constant: 'watcherSchema' },
];

/** Of messages of the `control` channel. No title is a message's type: both are headings. */
export const CONTROL_PARTS: readonly DescribedPart[] = [
  { title: 'Room for pictures', schema: control.viewportSchema, constant: 'viewportSchema' },
  { title: 'Wanted quality', schema: control.qualitySchema, constant: 'qualitySchema' },
  { title: 'Quality wish', schema: control.qualityWishSchema, constant: 'qualityWishSchema' },
  {
    title: 'Camera command',
    schema: control.cameraCommandSchema,
    constant: 'cameraCommandSchema',
  },
  { title: 'Range', schema: reports.rangeSchema, constant: 'rangeSchema' },
  { title: 'Sending', schema: reports.sendingSchema, constant: 'sendingSchema' },
  { title: 'Phone facts', schema: reports.phoneFactsSchema, constant: 'phoneFactsSchema' },
  { title: 'Encoding', schema: reports.encodingSchema, constant: 'encodingSchema' },
];
