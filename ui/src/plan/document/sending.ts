// Who may send a plan to a vehicle; control of one that nobody flies comes with it.

import { post } from '../../lib/api';
import type { Role, VehicleInfo } from '../../lib/types';
import type { PlanDocument } from './document';
import { upload, type Uploaded } from './files';

interface Asker {
  session: { user: string | null };
  can: (role: Role) => boolean;
}

/** Nobody flies it, and who asks may: control comes with the upload. */
export const takesControl = (info: VehicleInfo | undefined, asker: Asker): boolean =>
  info !== undefined && info.pilot === null && asker.can('pilot') && !asker.can('commander');

/** Why nothing is sent: message plan.vehicle.KEY; "" where it may be. */
export function whyNotSent(info: VehicleInfo | undefined, asker: Asker): '' | 'none' | 'replay' | 'not_allowed' {
  if (info === undefined) return 'none';
  if (info.replay) return 'replay';
  const flies = info.pilot !== null && info.pilot === asker.session.user;
  return flies || takesControl(info, asker) || asker.can('commander') ? '' : 'not_allowed';
}

export async function send(info: VehicleInfo, plan: PlanDocument, asker: Asker): Promise<Uploaded> {
  if (takesControl(info, asker)) await post(`/api/vehicles/${encodeURIComponent(info.id)}/control`, { take: true });
  return upload(info.id, plan);
}
