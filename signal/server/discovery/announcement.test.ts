import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromTxt, instanceName, toTxt, type Announcement } from './announcement';

const fingerprint = Array.from({ length: 32 }, () => 'A1').join(':');
const studio: Announcement = { name: 'Studio 2', isSecure: true, fingerprint, version: '0.1.0' };

describe('announcements', () => {
  it('come out as they went in', () => {
    expect(fromTxt(toTxt(studio))).toEqual(studio);
    const plain = { ...studio, isSecure: false, fingerprint: undefined };
    expect(fromTxt(toTxt(plain))).toEqual(plain);
  });

  it('fit into DNS whatever the server is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80, unit: 'binary' }), (name) => {
        for (const [key, value] of Object.entries(toTxt({ ...studio, name }))) {
          expect(Buffer.byteLength(`${key}=${value}`)).toBeLessThanOrEqual(255);
        }
        const instance = instanceName(name, '3fa2c1');
        expect(Buffer.byteLength(instance)).toBeLessThanOrEqual(63);
        expect(instance).toMatch(/ 3fa2c1$/u);
        expect(instance).not.toContain('.');
      }),
    );
  });

  it.each([
    undefined,
    {},
    'name',
    { ...toTxt(studio), name: '' },
    { ...toTxt(studio), name: '\u202e\u0007' },
    { ...toTxt(studio), tls: 'yes' },
    { ...toTxt(studio), fingerprint: fingerprint.toLowerCase() },
    { ...toTxt(studio), fingerprint: 'A1' },
    { ...toTxt(studio), version: 'x'.repeat(41) },
    { name: undefined, tls: 'on', version: '1' },
  ])('of other kinds are none of ours (%#)', (txt) => {
    expect(fromTxt(txt)).toBeUndefined();
  });

  it('cannot play with the screen they are shown on', () => {
    const name = `Stu\u202edio\n${'x'.repeat(500)}`;
    const read = fromTxt({ ...toTxt(studio), name })?.name ?? '';
    expect(read.startsWith('Studiox')).toBe(true);
    expect(Buffer.byteLength(read)).toBeLessThanOrEqual(200);
  });

  it('may say more than we know', () => {
    expect(fromTxt({ ...toTxt(studio), room: 'A' })).toEqual(studio);
  });
});
