import { unknownSetting } from '../../../modules/settings/unknown-setting';
import { itRejects, requiredSettings } from '../../support/settings';

const REMEDY = 'Correct its spelling or remove it; docs/settings.md lists the settings.';

itRejects('an unknown setting %s is rejected', [
  [
    'without a similar known setting',
    { colour: 'red', database: { storage: 20 } },
    `database.storage is not a known setting, got 20: ${REMEDY}`,
    `colour is not a known setting, got "red": ${REMEDY}`,
  ],
  [
    'similar to a known setting of its group',
    { database: { multiAZ: true } },
    `database.multiAZ is not a known setting, got true: Did you mean database.multiAz? ${REMEDY}`,
  ],
  [
    'with the name of a known setting in another group',
    { multiAz: true },
    `multiAz is not a known setting, got true: Did you mean database.multiAz? ${REMEDY}`,
  ],
  [
    'with the name of a known setting outside all groups',
    { network: { ...requiredSettings.network, region: 'eu-west-1' } },
    `network.region is not a known setting, got "eu-west-1": Did you mean region? ${REMEDY}`,
  ],
  [
    'that exists only in another variant of its group',
    { alarms: { enabled: false, email: 'a@b.org' }, backend: { type: 'local', bucket: 'acme' } },
    'backend.bucket is not allowed with the other values of its group, got "acme": Remove it, or change the group, for example to { type: "s3", bucket: "acme-terraform-state", region: "eu-central-1" }.',
    'alarms.email is not allowed with the other values of its group, got "a@b.org": Remove it, or change the group, for example to { enabled: true, email: "platform@example.com" }.',
  ],
]);

describe('the remedy for an unknown setting', () => {
  it.each<[path: PropertyKey[], key: string, meant: string]>([
    [[], 'regions', 'region'],
    [['database', 'publicAccess'], 'cidr', 'database.publicAccess.cidrs'],
    [['database', 'users', 'clients', 0], 'nane', 'database.users.clients.name'],
    [['backend'], 'buckets', 'backend.bucket'],
  ])(
    'names a similar setting, which may be in another variant of the group or in a list item: %j, %s',
    (path, key, meant) => {
      expect(unknownSetting(path, key).remedy).toBe(`Did you mean ${meant}? ${REMEDY}`);
    },
  );
});
