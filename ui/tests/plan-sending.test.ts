// Who may send a plan, and what is asked of the station for it.
import { afterEach, expect, test, vi } from 'vitest';
import { emptyPlan } from '../src/plan/document/document';
import { send, takesControl, whyNotSent } from '../src/plan/document/sending';
import type { Role, VehicleInfo } from '../src/lib/types';

const info = (pilot: string | null, replay = false) => ({ id: 'a 1', pilot, replay }) as VehicleInfo;
const asker = (user: string, ...roles: Role[]) => ({ session: { user }, can: (role: Role) => roles.includes(role) });

afterEach(() => vi.unstubAllGlobals());

function station(refuse: string | null = null): [string, unknown][] {
  const asked: [string, unknown][] = [];
  vi.stubGlobal('fetch', async (path: string, { body }: { body: string }) => {
    asked.push([path, JSON.parse(body)]);
    const refused = refuse !== null && path.endsWith(refuse);
    return new Response(JSON.stringify(refused ? { error: 'bob flies it', faults: [] } : { same: true, differences: [], notes: [] }), { status: refused ? 409 : 200 });
  });
  return asked;
}

test("a pilot's upload takes control of what nobody flies, and then sends", async () => {
  const asked = station();
  const plan = emptyPlan();
  expect((await send(info(null), plan, asker('ann', 'pilot'))).same).toBe(true);
  expect(asked).toEqual([['/api/vehicles/a%201/control', { take: true }], ['/api/vehicles/a%201/plan', { document: plan }]]);
});

test('where control is not given nothing is sent', async () => {
  const asked = station('/control');
  await expect(send(info(null), emptyPlan(), asker('ann', 'pilot'))).rejects.toThrow('bob flies it');
  expect(asked.map(([path]) => path)).toEqual(['/api/vehicles/a%201/control']);
});

test('its pilot sends as he is, a commander without taking it', async () => {
  for (const [who, pilot] of [[asker('ann', 'pilot'), 'ann'], [asker('boss', 'commander', 'pilot'), null]] as const) {
    const asked = station();
    await send(info(pilot), emptyPlan(), who);
    expect(asked.map(([path]) => path)).toEqual(['/api/vehicles/a%201/plan']);
  }
});

test('who may, and why others may not', () => {
  expect(whyNotSent(undefined, asker('ann', 'pilot'))).toBe('none');
  expect(whyNotSent(info(null, true), asker('ann', 'pilot'))).toBe('replay');
  expect(whyNotSent(info('bob'), asker('ann', 'pilot'))).toBe('not_allowed');
  expect(whyNotSent(info(null), asker('eve', 'observer'))).toBe('not_allowed');
  expect(whyNotSent(info(null), asker('ann', 'pilot'))).toBe('');
  expect(takesControl(info('bob'), asker('ann', 'pilot'))).toBe(false);
});
