import { z } from 'zod';
import { must } from '../fields';

/** AWS allows 50 tags on a resource; the stack adds Environment to each, and Name to some. */
const MOST_TAGS = 48;
const MOST_KEY_CHARACTERS = 128;
const MOST_VALUE_CHARACTERS = 256;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const isTagText = (text: string, most: number): boolean =>
  TAG_TEXT.test(text) && Array.from(text).length <= most && !/^aws:/i.test(text);

const tagValue = must(
  z.string(),
  (value) => isTagText(value, MOST_VALUE_CHARACTERS),
  'must be a valid tag value',
  `AWS accepts up to ${MOST_VALUE_CHARACTERS} letters, digits, spaces and _ . : / = + - @, and reserves the prefix aws:.`,
);

/**
 * Lists the keys that AWS rejects, that repeat an earlier key, or that equal Environment, which the stack sets. Keys that differ only in
 * case are equal, as in IAM.
 */
const wrongKeys = (keys: readonly string[]): string[] =>
  keys.filter(
    (key, index) =>
      key === '' ||
      !isTagText(key, MOST_KEY_CHARACTERS) ||
      ['environment', ...keys.slice(0, index).map((other) => other.toLowerCase())].includes(key.toLowerCase()),
  );

/**
 * Tags for every taggable resource. They follow the rules that all services accept.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
 */
export const tags = must(
  must(
    z.record(z.string(), tagValue),
    (all) => Object.keys(all).length <= MOST_TAGS,
    `must be at most ${MOST_TAGS} tags`,
    'AWS allows 50 on a resource, and the stack adds Environment and Name. Remove some.',
  ),
  (all) => wrongKeys(Object.keys(all)).length === 0,
  'must have keys that AWS accepts',
  (value) =>
    `Change ${wrongKeys(Object.keys(value as object))
      .map((key) => JSON.stringify(key))
      .join(
        ', ',
      )}. A key is 1 to ${MOST_KEY_CHARACTERS} letters, digits, spaces and _ . : / = + - @. It must not begin with aws:. Keys that differ only in case count as the same key. The key Environment is reserved: the stack sets it.`,
);
