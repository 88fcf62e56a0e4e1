import type { ChangedState } from '../support/changed-state';
import type { RunningDeployment } from '../support/running-deployment';
import { expectOnly200, expectOnly503 } from '../support/expect-tally';
import { Load } from '../support/load';

/** Makes Secrets Manager unreachable for the functions. */
const withoutSecretsManager = (state: ChangedState): void =>
  state.remove('aws_vpc_security_group_egress_rule', 'functions-to-endpoint');

/** Another deployment of `/func1`, the same each time it is asked for. */
const redeployed = (state: ChangedState): void => {
  state.one('aws_lambda_function', 'functions_func1_')['last_modified'] = 'another time';
};

/** While a service is unreachable, callers get 503. Afterwards requests succeed without intervention. */
export function unreachableServices(running: RunningDeployment): void {
  it('is the database, killed and restarted', async () => {
    const { database } = running.deployment.aws;
    const load = await Load.start(running);
    await load.waitForAnswers(20);
    await database.stop('SIGKILL');
    await load.waitForAnswers(20);
    await database.restart();
    await load.waitForRecovery();
    expectOnly503(await load.end('database killed (SIGKILL) and restarted'));
  });

  it('is the database, because another connection has locked its table', async () => {
    const load = await Load.start(running);
    await load.waitForAnswers(20);
    const other = await running.deployment.aws.database.admin();
    await other.query('LOCK TABLES app.timestamps WRITE');
    await load.waitForFailures(4);
    await other.end();
    await load.waitForRecovery();
    expectOnly503(await load.end('table locked: statements get no answer'));
  });

  it('is Secrets Manager, which functions with an open connection do not need', async () => {
    const load = await Load.start(running);
    await load.waitForAnswers(15);
    await running.serveChanged(withoutSecretsManager);
    await load.waitForAnswers(30);
    await running.serve();
    await load.waitForAnswers(15);
    expectOnly200(await load.end('Secrets Manager unreachable, functions logged in'));
  });

  it('is Secrets Manager, which new containers need', async () => {
    const load = await Load.start(running);
    await load.waitForAnswers(15);
    await running.serveChanged((state) => {
      redeployed(state);
      withoutSecretsManager(state);
    });
    await load.waitForAnswers(20);
    await running.serveChanged(redeployed);
    await load.waitForRecovery();
    const tally = await load.end('Secrets Manager unreachable, `/func1` in new containers');
    expectOnly503(tally);
    expect(new Set(tally.failures.map(({ path }) => path))).toEqual(new Set(['/func1']));
    await running.serve();
  });
}
