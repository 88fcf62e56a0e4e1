/** Sizes of each family: `{ m7g: ['large', …] }`. */
type Families = Readonly<Record<string, readonly string[]>>;

/** Lists sizes: `sizes('large xlarge', 2)` is `['large', 'xlarge', '2xlarge']`. */
const sizes = (names: string, ...multiples: readonly number[]): string[] => [
  ...names.split(' '),
  ...multiples.map((multiple) => `${multiple}xlarge`),
];

function families(...groups: readonly (readonly [names: string, sizes: readonly string[]])[]): Families {
  return Object.fromEntries(groups.flatMap(([names, list]) => names.split(' ').map((name) => [name, list])));
}

const UP_TO_16 = sizes('large xlarge', 2, 4, 8, 12, 16);
const UP_TO_24 = [...UP_TO_16, '24xlarge'];
const UP_TO_32 = [...UP_TO_24, '32xlarge'];
const UP_TO_48 = [...UP_TO_24, '48xlarge'];

/**
 * Instance classes that support MySQL 8.4, with the memory of size `large` in GiB.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Support.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
const DB_FAMILIES: readonly (readonly [gibOfLarge: number, families: Families])[] = [
  [8, families(['t3 t4g', sizes('micro small medium large xlarge', 2)])],
  [8, families(['m5 m5d', UP_TO_24], ['m6g m6gd m7g m7gd', UP_TO_16], ['m6i m6id m6idn m6in', UP_TO_32])],
  [8, families(['m7i m8g m8gd', UP_TO_48])],
  [16, families(['r5 r5b r5d', UP_TO_24], ['r6g r6gd r7g r7gd', UP_TO_16], ['r6i r6id r6idn r6in', UP_TO_32])],
  [16, families(['r7i r8g r8gd', UP_TO_48])],
  [32, families(['x2g', UP_TO_16], ['x2idn', sizes('16xlarge', 24, 32)])],
  [64, families(['x2iedn', sizes('xlarge', 2, 4, 8, 16, 24, 32)], ['x2iezn', sizes('2xlarge', 4, 6, 8, 12)])],
];

/** Memory of the sizes up to `large`, as a multiple of `large`. */
const UP_TO_LARGE: Readonly<Record<string, number>> = { micro: 1 / 8, small: 1 / 4, medium: 1 / 2, large: 1 };

/** Memory of a size, as a multiple of `large`: `xlarge` has twice as much, `4xlarge` eight times as much. */
const timesLarge = (size: string): number => UP_TO_LARGE[size] ?? 2 * Number(size.replace('xlarge', '') || 1);

/**
 * EC2 instance types on which the Arm version of Amazon Linux 2023 runs: those with Graviton2 or newer.
 *
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
 * https://docs.aws.amazon.com/linux/al2023/ug/system-requirements.html
 */
const ARM_FAMILIES = families(
  ['t4g', sizes('nano micro small medium large xlarge', 2)],
  ['c6g c6gd c7g c7gd c7gn m6g m6gd m7g m7gd r6g r6gd r7g r7gd x2gd', ['medium', 'metal', ...UP_TO_16]],
  ['c6gn', ['medium', ...UP_TO_16]],
  ['c8g c8gb c8gd c8gn m8g m8gb m8gd m8gn r8g r8gb r8gd r8gn x8g', ['medium', 'metal-24xl', 'metal-48xl', ...UP_TO_48]],
  ['i4g im4gn', sizes('large xlarge', 2, 4, 8, 16)],
  ['is4gen', sizes('medium large xlarge', 2, 4, 8)],
  ['i8g', ['metal-24xl', 'metal-48xl', ...UP_TO_48]],
  ['i8ge', ['metal-24xl', 'metal-48xl', ...sizes('large xlarge', 2, 3, 6, 12, 18, 24, 48)]],
  ['g5g', sizes('xlarge metal', 2, 4, 8, 16)],
  ['hpc7g', sizes('4xlarge', 8, 16)],
);

const typesOf = (sizesByFamily: Families, prefix: string): ReadonlySet<string> =>
  new Set(Object.entries(sizesByFamily).flatMap(([family, list]) => list.map((size) => `${prefix}${family}.${size}`)));

/** Memory in GiB of each instance class that supports MySQL 8.4. */
export const DB_MEMORY_GIB: ReadonlyMap<string, number> = new Map(
  DB_FAMILIES.flatMap(([gibOfLarge, dbFamilies]) =>
    [...typesOf(dbFamilies, 'db.')].map((name): [string, number] => [
      name,
      gibOfLarge * timesLarge(name.slice(name.lastIndexOf('.') + 1)),
    ]),
  ),
);
export const DB_INSTANCE_CLASSES: ReadonlySet<string> = new Set(DB_MEMORY_GIB.keys());
export const ARM_INSTANCE_TYPES = typesOf(ARM_FAMILIES, '');
