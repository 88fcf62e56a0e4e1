import { networkInterfaces } from 'node:os';
import { holdPort, type HeldPort } from '../processes/hold-port';
import { MYSQL_PORT } from './peers';

/** Number of possible deployments. Each has its own NUMBER, 0 to 254, in its loopback addresses, 127.NUMBER.x.y. */
const NUMBERS = 255;

/** Endpoints with addresses from 127.NUMBER.1.1 on: the instance and two proxies. */
const ENDPOINTS = 3;

/** Last part of the address 127.NUMBER.1.253. No endpoint uses that address; a listener on it marks the number as taken. */
const MARK = 253;

/** Number of ports to try, from the preferred one on. */
const PORTS = 100;

export interface ClaimOptions {
  /** @default - the first number with free addresses */
  readonly number?: number | undefined;
  /** Preferred port for each purpose. If it is in use, the next free port is held; 0 stands for any port. */
  readonly ports: Readonly<Record<string, number>>;
}

/**
 * Holds the number and the ports of one deployment from its start, so that deployments that start at the same time get
 * different ones. The kernel frees the number and the ports even if the process crashes.
 */
export class Claim {
  /** @throws Error with the remedy if the requested number is taken, or no number or port is free. */
  static async take({ number, ports }: ClaimOptions): Promise<Claim> {
    const claim = number === undefined ? await Claim.firstFree() : await Claim.of(number).catch(explainTaken(number));
    try {
      for (const [purpose, preferred] of Object.entries(ports)) await claim.hold(purpose, preferred);
      return claim;
    } catch (error) {
      claim.stop();
      throw error;
    }
  }

  private static async firstFree(): Promise<Claim> {
    let firstError: unknown;
    for (let number = 0; number < NUMBERS; number += 1) {
      try {
        return await Claim.of(number);
      } catch (error) {
        // An error other than a taken number, for example a missing address, would probably occur for every number.
        if (!isTaken(error)) throw error;
        firstError ??= error;
      }
    }
    throw firstError;
  }

  /** Marks a number as taken. @throws Error if one of its addresses is in use */
  private static async of(number: number): Promise<Claim> {
    const marker = await holdPort([`127.${number}.1.${MARK}`], MYSQL_PORT);
    try {
      const endpoints = Array.from({ length: ENDPOINTS }, (_, index) => `127.${number}.1.${index + 1}`);
      (await holdPort(endpoints, MYSQL_PORT)).release();
      return new Claim(number, marker);
    } catch (error) {
      marker.release();
      throw error;
    }
  }

  private readonly held = new Map<string, HeldPort>();

  private constructor(
    readonly number: number,
    private readonly marker: HeldPort,
  ) {}

  /** Frees the port for the server that is about to listen on it. @returns the port; 0 if the server may listen on any port */
  release(purpose: string): number {
    const held = this.held.get(purpose);
    held?.release();
    return held?.port ?? 0;
  }

  /** Holds a released port again after its server stopped, or the next free port if another program took it. */
  async holdAgain(purpose: string): Promise<void> {
    await this.hold(purpose, this.held.get(purpose)?.port ?? 0);
  }

  stop(): void {
    for (const held of [this.marker, ...this.held.values()]) held.release();
  }

  private async hold(purpose: string, preferred: number): Promise<void> {
    if (preferred === 0) return;
    for (let port = preferred; port < preferred + PORTS; port += 1) {
      const held = await holdPort(ownAddresses(), port).catch(ignoreTaken);
      if (held) return void this.held.set(purpose, held);
    }
    throw new Error(
      `Ports ${preferred} to ${preferred + PORTS - 1} are all in use. \`ss -ltnp\` shows the programs that use them. End one of these programs.`,
    );
  }
}

/** The addresses of localhost: 127.0.0.1, and ::1 if the machine has it. */
export function ownAddresses(): string[] {
  const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
  return hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
}

function explainTaken(number: number): (error: unknown) => never {
  return (error) => {
    if (!isTaken(error)) throw error;
    const { message } = error as Error;
    throw new Error(`--number ${number} is in use. Leave --number out to get a free one. ${message}`, {
      cause: error,
    });
  };
}

const isTaken = (error: unknown): boolean =>
  ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE';

function ignoreTaken(error: unknown): undefined {
  if (!isTaken(error)) throw error;
}
