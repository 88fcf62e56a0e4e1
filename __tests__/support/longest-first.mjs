import Sequencer from '@jest/test-sequencer';

/** Whole deployments mostly wait: they begin first, and the rest is done beside them. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const isDeployment = ({ path }) => /\/(end-to-end|terraform)\//.test(path);
    return [...super.sort(tests)].sort((one, other) => Number(isDeployment(other)) - Number(isDeployment(one)));
  }
}
