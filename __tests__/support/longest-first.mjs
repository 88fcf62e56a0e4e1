import Sequencer from '@jest/test-sequencer';

/** Starts tests of whole deployments first: they mostly wait, and the other tests run meanwhile. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const isDeployment = ({ path }) => /\/one-machine\/(end-to-end|terraform\/cdktf)/.test(path);
    return [...super.sort(tests)].sort((one, other) => Number(isDeployment(other)) - Number(isDeployment(one)));
  }
}
