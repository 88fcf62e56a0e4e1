/**
 * When the targets of proxies become AVAILABLE. RDS registers a target and returns; the proxy reaches it some time later, and
 * a new proxy needs minutes for that (TargetHealth REGISTERING, then UNAVAILABLE because of PENDING_PROXY_CAPACITY).
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html
 */
export class TargetRegistrations {
  /** How long it takes for targets that are registered from now on. */
  seconds = 0;
  private readonly availableAt = new Map<string, number>();

  /** Registers the target of a proxy, unless it is registered already. */
  register(proxy: string): void {
    if (!this.availableAt.has(proxy)) this.availableAt.set(proxy, performance.now() + this.seconds * 1000);
  }

  /** Forgets a proxy that is gone. */
  forget(proxy: string): void {
    this.availableAt.delete(proxy);
  }

  isAvailable(proxy: string): boolean {
    return performance.now() >= (this.availableAt.get(proxy) ?? Infinity);
  }
}
