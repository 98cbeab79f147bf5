import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { PROTOCOL_DOCS, protocolDocs } from './protocol-docs';

test('docs/protocol.md is what the schemas say; if not, run npx tsx scripts/protocol-docs.ts', async () => {
  const document = await readFile(PROTOCOL_DOCS, 'utf8');
  expect(await protocolDocs(document)).toBe(document);
});

test('every field of every message is described with its bounds', async () => {
  const document = await readFile(PROTOCOL_DOCS, 'utf8');
  expect(document).toContain('| `label` | text, 1 to 60 characters, trimmed');
  expect(document).toContain('| `liveForMs` | number, at least 0; may be absent, 0 if so |');
  expect(document).toContain('| `stream` | [Stream](#stream) |');
  expect(document).toContain('| 4002 | `idInUse` | never |');
  expect(document).not.toContain('undefined');
});

test('the messages of the control channel are described, their nested fields too', async () => {
  const document = await readFile(PROTOCOL_DOCS, 'utf8');
  const [, control = ''] = document.split('## The control channel');
  expect(control).toContain('### `clock-ping`');
  expect(control).toContain('| `command` | [Camera command](#camera-command) |');
  expect(control).toContain('| `cameras[].label` | text, at most 80 characters');
  expect(control).toContain('| `focus` | object; may be absent |');
  expect(control).toContain('| `width` | whole number, 16 to 16384; may be absent |');
  // A comment of an alternative, with a semicolon in it.
  expect(control).toContain('| By id or by the way it looks; by neither, the next one. |');
  expect(control).toContain('Asks the phone for something; answered with `command-result`.');
});

test('a document without one of the tables is refused', async () => {
  await expect(protocolDocs('# Nothing')).rejects.toThrow('client messages');
  await expect(protocolDocs('<!-- generated: weather --><!-- end -->')).rejects.toThrow('weather');
});
