/** What a person is told of each close; apart from the codes, since phones have words of their own. */
import { CLOSE, type CloseName } from './close-codes';
import { SUBPROTOCOL } from './limits';

/** Each ends with what to do, where there is something to do. */
export const CLOSE_SENTENCES: Readonly<Record<CloseName, string>> = {
  draining: 'The server is restarting. This page reconnects by itself.',
  frameTooLarge: 'A message was larger than the server accepts. Reload this page.',
  binaryRefused: `The server reads ${SUBPROTOCOL} text messages only. Reload this page.`,
  protocolViolation: 'This page and the server do not understand each other. Reload this page.',
  helloTimeout: 'The server waited too long for this page to introduce itself.',
  idInUse: 'Another page is using this identity. Close it, or open this one afresh.',
  superseded: 'This was continued in another tab. Close that one to use this one.',
  unsupportedVersion: 'This page and the server are of different versions. Reload this page.',
  serverFull: 'The server is full. It will be tried again; somebody may have to leave first.',
  slowReader: 'This device read too slowly and was disconnected. It reconnects by itself.',
  tooManyMessages: 'This device sent too many messages and was disconnected for a moment.',
  deadSocket: 'The connection had gone silent and was closed.',
  helloRequired: 'This page spoke before introducing itself. Reload this page.',
  keyRequired: 'This room needs a link with a key. Scan the code at the control room.',
  keyRefused: 'This link is not valid any more. Scan the code at the control room again.',
  blocked: 'The control room keeps this device out. Ask there if that is a mistake.',
  removed: 'The control room has disconnected this device.',
  roomLocked: 'The room is locked. It will be tried again; somebody has to open it first.',
  tooManyConnections: 'Too many connections come from this network. It will be tried again.',
};

/** The sentence of a close code; undefined for codes that the protocol did not define. */
export function closeSentence(code: number): string | undefined {
  const names = Object.keys(CLOSE).filter(isCloseName);
  const name = names.find((candidate) => CLOSE[candidate].code === code);
  return name === undefined ? undefined : CLOSE_SENTENCES[name];
}

function isCloseName(name: string): name is CloseName {
  return name in CLOSE;
}
