/**
 * Writes the tables of `docs/protocol.md` from the schemas: `npx tsx scripts/protocol-docs.ts`.
 * Descriptions are the comments beside the schemas, so there is one place to change.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CLOSE } from '../signal/protocol/close-codes';
import { closeSentence } from '../signal/protocol/close-sentences';
import { viewerControlSchema } from '../signal/protocol/control';
import * as controlLimits from '../signal/protocol/control-limits';
import { phoneControlSchema } from '../signal/protocol/control-reports';
import * as commonLimits from '../signal/protocol/limits';
import * as pictureLimit from '../signal/protocol/picture-limit';
import * as messages from '../signal/protocol/messages';
import { projectRoot } from './build/paths';
import { commentsOf, type Comments } from './protocol-docs/comments';
import { fieldsOf, variantsOf, type Schema } from './protocol-docs/fields';
import { CONTROL_PARTS, SIGNALING_PARTS, type DescribedPart } from './protocol-docs/parts';

const limits = { ...commonLimits, ...pictureLimit, ...controlLimits };

/** The document. */
export const PROTOCOL_DOCS = path.join(projectRoot, 'docs/protocol.md');

const SOURCES = [
  'fields.ts',
  'messages.ts',
  'room-messages.ts',
  'limits.ts',
  'picture-limit.ts',
  'control.ts',
  'control-reports.ts',
  'control-limits.ts',
].map((name) => path.join(projectRoot, 'signal/protocol', name));

const PARTS = [...SIGNALING_PARTS, ...CONTROL_PARTS];

/** What each error means; typed so that a new one cannot be forgotten. */
const ERROR_MEANINGS: Record<messages.ErrorId, string> = {
  'invalid-json': 'The frame is not JSON.',
  'unknown-type': 'The frame has no `type`, or one that a client does not send.',
  'invalid-message': 'A field is missing or not valid; the sentence names it.',
  'hello-required': 'Something came before `hello`.',
  'already-welcome': 'A second `hello` on one socket.',
  'not-allowed': 'This kind of client may not do this, or the stream is not its own.',
  'unknown-stream': 'There is no such stream.',
  'unknown-session': 'There is no such session, or this client is no end of it.',
  'stream-id-taken': 'Another client publishes under this stream id.',
  'already-publishing': 'This client publishes another stream, named in `streamId`.',
  'already-subscribed':
    'This viewer watches this stream in another session than it claims, named in `sessionId`.',
  'too-many-streams':
    'The server carries no more streams, or this device starts them too often. Ask again after ten seconds, then less often.',
  'too-many-messages': 'Faster than the limits allow.',
  'id-in-use': 'The client id is in use and the token is not its own.',
  'unsupported-version': 'The two ends speak different versions; the sentence says who is older.',
  'server-full': 'The server takes no more clients.',
  'key-required': 'The room needs a key, and `hello` had none.',
  'key-refused': 'The key is not, or not any more, one of this room.',
  blocked: 'An operator keeps this device out.',
  'room-locked': 'The room takes nobody new.',
  'not-admitted': 'The phone waits in the lobby, or was refused there a moment ago.',
  'unknown-client': 'There is no such client, or nobody waits under this id.',
  'unknown-invitation': 'There is no such invitation, or no such blocked device.',
  'too-many-invitations': 'The room keeps no more invitations; revoke one first.',
  'too-many-sessions': 'This viewer has as many sessions as the limits allow.',
  'too-many-candidates': 'More candidates for one session than the limits allow.',
};

/** The document with its tables made anew; everything between them stays. */
export async function protocolDocs(document: string): Promise<string> {
  const sources = await Promise.all(SOURCES.map((file) => readFile(file, 'utf8')));
  const comments = commentsOf(sources.join('\n'));
  const sections: Record<string, () => string> = {
    'client messages': () => messageTables(messages.clientMessageSchema.options, comments),
    'server messages': () => messageTables(messages.serverMessageSchema.options, comments),
    parts: () => partTables(SIGNALING_PARTS, comments),
    'viewer control': () => messageTables(viewerControlSchema.options, comments),
    'phone control': () => messageTables(phoneControlSchema.options, comments),
    'control parts': () => partTables(CONTROL_PARTS, comments),
    errors: () =>
      table(
        ['Id', 'Meaning'],
        messages.errorIdSchema.options.map((id) => [code(id), ERROR_MEANINGS[id]]),
      ),
    'close codes': () =>
      table(
        ['Code', 'Name', 'Then', 'What a person is told'],
        Object.entries(CLOSE)
          .sort(([, one], [, other]) => one.code - other.code)
          .map(([name, { code: number, retry }]) => [
            String(number),
            code(name),
            retry,
            closeSentence(number) ?? '',
          ]),
      ),
    limits: () =>
      table(
        ['Name', 'Value', 'Meaning'],
        Object.entries(limits)
          .sort(([one], [other]) => one.localeCompare(other))
          .map(([name, value]) => [
            code(name),
            code(String(value)),
            comments.constants.get(name) ?? '',
          ]),
      ),
  };
  const written = new Set<string>();
  const result = document.replace(
    /<!-- generated: (?<name>[a-z ]+) -->[^]*?<!-- end -->/gu,
    (_match, name: string) => {
      const section = sections[name];
      if (section === undefined) throw new Error(`docs/protocol.md asks for "${name}"`);
      written.add(name);
      return `<!-- generated: ${name} -->\n\n${section()}\n\n<!-- end -->`;
    },
  );
  const missing = Object.keys(sections).filter((name) => !written.has(name));
  if (missing.length > 0) throw new Error(`docs/protocol.md lacks ${missing.join(', ')}`);
  return result;
}

function messageTables(schemas: readonly Schema[], comments: Comments): string {
  return schemas.map((schema) => messageTable(schema, comments)).join('\n\n');
}

function messageTable(schema: Schema, comments: Comments): string {
  const type = String(schema.entries?.['type']?.literal);
  const constant = constantOf(type, comments);
  const fields = fieldsOf(schema, PARTS).filter(({ name }) => name !== 'type');
  const heading = `### \`${type}\`\n\n${comments.constants.get(constant) ?? ''}`;
  return fields.length === 0 ? heading : `${heading}\n\n${fieldTable(fields, constant, comments)}`;
}

/** Where a part of a message has the plain name, the message is called one. */
function constantOf(type: string, comments: Comments): string {
  const name = camelCase(type);
  const ofMessage = `${name}MessageSchema`;
  return comments.constants.has(ofMessage) ? ofMessage : `${name}Schema`;
}

function partTables(parts: readonly DescribedPart[], comments: Comments): string {
  return parts.map((part) => partTable(part, comments)).join('\n\n');
}

function partTable({ title, schema, constant }: DescribedPart, comments: Comments): string {
  const heading = `### ${title}\n\n${comments.constants.get(constant) ?? ''}`;
  const tables = variantsOf(schema).map((one) =>
    fieldTable(fieldsOf(one, PARTS), constant, comments),
  );
  return [heading, ...tables].join('\n\n');
}

function fieldTable(
  fields: ReturnType<typeof fieldsOf>,
  constant: string,
  comments: Comments,
): string {
  return table(
    ['Field', 'Value', ''],
    fields.map(({ name, value, isOptional, byDefault }) => [
      code(name),
      isOptional ? `${value}; may be absent${byDefault}` : value,
      comments.fields.get(`${constant}.${name}`) ??
        comments.alternatives.get(`${constant}/${value.replaceAll('`', '')}`) ??
        '',
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function camelCase(text: string): string {
  return text.replace(/-(?<letter>[a-z])/gu, (_match, letter: string) => letter.toUpperCase());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const document = await readFile(PROTOCOL_DOCS, 'utf8');
  await writeFile(PROTOCOL_DOCS, await protocolDocs(document));
}
