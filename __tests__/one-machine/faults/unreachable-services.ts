import type { ChangedState } from '../support/changed-state';
import type { RunningDeployment } from '../support/running-deployment';
import { expectOnly200, expectOnly503 } from '../support/expect-tally';
import { Load } from '../support/load';

/** Makes Secrets Manager unreachable for the functions. */
const withoutSecretsManager = (state: ChangedState): void =>
  state.remove('aws_vpc_security_group_egress_rule', 'functions-to-endpoint');

/**
 * Gives `/func1` a new `last_modified`, so that it runs in new containers. A further call changes nothing: it sets the same value.
 */
const redeployFunc1 = (state: ChangedState): void => {
  state.one('aws_lambda_function', 'functions_func1_')['last_modified'] = 'another time';
};

/**
 * Makes the database or Secrets Manager unreachable under load, or locks a table. Expects no failure other than 503, and that
 * requests succeed afterwards without intervention.
 */
export function testUnreachableServices(running: RunningDeployment): void {
  describe('under load', () => {
    it('requests get 503 after the database is killed, and succeed after its restart', async () => {
      const { database } = running.deployment.aws;
      const load = await Load.start(running);
      await load.waitForAnswers(20);
      await database.stop('SIGKILL');
      await load.waitForAnswers(20);
      await database.restart();
      await load.waitForRecovery();
      expectOnly503(await load.end('database killed (SIGKILL) and restarted'));
    });

    it('requests get 503 while another connection locks a table, and succeed afterwards', async () => {
      const load = await Load.start(running);
      await load.waitForAnswers(20);
      const lockHolder = await running.deployment.aws.database.connectAsRoot();
      try {
        await lockHolder.query('LOCK TABLES app.timestamps WRITE');
        await load.waitForFailures(4);
      } finally {
        await lockHolder.end();
      }
      await load.waitForRecovery();
      expectOnly503(await load.end('table locked: statements get no answer'));
    });

    it('no request fails while Secrets Manager is unreachable, if the functions have already logged in', async () => {
      const load = await Load.start(running);
      await load.waitForAnswers(15);
      await running.serveChanged(withoutSecretsManager);
      await load.waitForAnswers(30);
      await running.serve();
      await load.waitForAnswers(15);
      expectOnly200(await load.end('Secrets Manager unreachable, functions already logged in'));
    });

    it('only requests to `/func1` in new containers get 503 while Secrets Manager is unreachable, and all requests succeed afterwards', async () => {
      const load = await Load.start(running);
      await load.waitForAnswers(15);
      await running.serveChanged((state) => {
        redeployFunc1(state);
        withoutSecretsManager(state);
      });
      await load.waitForAnswers(20);
      // Serves Terraform's state with the rule for Secrets Manager again. `/func1` keeps the containers whose requests failed.
      await running.serveChanged(redeployFunc1);
      await load.waitForRecovery();
      const tally = await load.end('Secrets Manager unreachable, `/func1` in new containers');
      expectOnly503(tally);
      expect(new Set(tally.failures.map(({ path }) => path))).toEqual(new Set(['/func1']));
      await running.serve();
    });
  });
}
