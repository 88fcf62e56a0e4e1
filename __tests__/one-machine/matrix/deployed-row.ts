import { join } from 'node:path';
import type { Measurement } from '../../../functions/auth-matrix/measure';
import { Applied, type LocalDeployment } from '../../../local';
import { call } from '../../../local/__tests__/support';
import { startDeployment } from '../../../start/deployment';
import { ChangedState } from '../support/changed-state';
import { repeatIfTimedOut } from '../support/measure-matrix';
import { progressPrinter } from '../support/progress';
import { environmentOfRow, type MatrixRow } from '../../support/matrix-rows';

/** A row of the matrix in docs/settings.md: its combination of settings is deployed to a local AWS of its own. */
export class DeployedRow {
  /**
   * Applies the synthesised stack of a row.
   *
   * @param outdir folder with the synthesised stacks of all rows
   * @throws Error with Terraform's message if Terraform fails.
   */
  static async apply(row: MatrixRow, outdir: string): Promise<DeployedRow> {
    const { name } = environmentOfRow(row);
    const folder = join(outdir, 'deployed', name);
    const stack = join(outdir, 'stacks', name);
    const deployment = await startDeployment({ stack, folder, progress: progressPrinter(name) });
    try {
      await deployment.apply();
      return new DeployedRow(deployment);
    } catch (error) {
      await deployment.stop();
      throw error;
    }
  }

  private constructor(private readonly deployment: LocalDeployment) {}

  /**
   * Serves what was applied and calls `GET /auth-matrix` from an allowed address.
   *
   * @param change edits the applied state before it is served. @default - no edit
   */
  async measure(change: (state: ChangedState) => void = () => undefined): Promise<Measurement> {
    const state = new ChangedState(this.deployment.state);
    change(state);
    const { aws } = this.deployment;
    const served = await aws.serve(new Applied(state.state));
    if (served === undefined) throw new Error('No API is served');
    // Closes the connections to the instance: a proxy's pool may keep some that logged in before the edit.
    aws.endpoints.faultsAt(state.one('aws_db_instance')['address'] as string)?.cut();
    const { domain_name: host } = state.one('aws_cloudfront_distribution');
    const { pem: ca } = aws.authorities.amazon;
    const callAuthMatrix = async (): Promise<Measurement> => {
      const response = await call({ port: served.edge.httpsPort, host, path: '/auth-matrix', ca });
      if (response.status !== 200) throw new Error(`/auth-matrix answers ${response.status}: ${response.text}`);
      return response.json() as Measurement;
    };
    return repeatIfTimedOut(callAuthMatrix, (measurement) => measurement);
  }

  stop(): Promise<void> {
    return this.deployment.stop();
  }
}
