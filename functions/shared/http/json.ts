import { randomUUID } from 'node:crypto';

/** JSON text to insert into an answer unchanged: parsing it would round large numbers. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** Writes a value as JSON. Inserts the text of each `JsonText` unchanged. */
export function stringify(value: object): string {
  const texts: string[] = [];
  // Random, so that no text in the value can equal a mark.
  const mark = randomUUID();
  const json = JSON.stringify(value, (_name, member: unknown) =>
    member instanceof JsonText ? `${mark}:${texts.push(member.text) - 1}` : member,
  );
  return json.replace(new RegExp(`"${mark}:(\\d+)"`, 'g'), (_mark, index: string) => texts[Number(index)] ?? 'null');
}
