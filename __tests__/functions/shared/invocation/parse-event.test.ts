import * as z from 'zod';
import { parseEvent } from '../../../../functions/shared/invocation/parse-event';

const schema = z.strictObject({ name: z.string(), list: z.array(z.int()) });

describe('parseEvent', () => {
  it('returns a valid event', () => {
    expect(parseEvent(schema, { name: 'a', list: [1] }, 'It must have a name.')).toEqual({ name: 'a', list: [1] });
  });

  it('rejects an invalid event, and reports the given rule, each fault with its place, and the remedy', () => {
    expect(() => parseEvent(schema, { list: ['x'] }, 'It must have a name.')).toThrow(
      /^It must have a name\. name: .+; list\.0: .+\. Terraform invokes this function with the right event: run `cdktf deploy`\.$/,
    );
    expect(() => parseEvent(schema, null, 'It must have a name.')).toThrow('the event: ');
  });
});
