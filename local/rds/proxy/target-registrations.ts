/**
 * Records when the targets of proxies become AVAILABLE. RDS registers a target before the proxy can reach it. A new proxy needs
 * minutes to reach its target. Until the proxy reaches the target, TargetHealth is first REGISTERING and then UNAVAILABLE with
 * PENDING_PROXY_CAPACITY.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html
 */
export class TargetRegistrations {
  /** Time from the registration of a target until it is available, seconds. A change applies only to later registrations. */
  delaySeconds = 0;
  private readonly availableAt = new Map<string, number>();

  /** Registers the target of a proxy, unless it is already registered. @param proxyHost host name of the proxy */
  register(proxyHost: string): void {
    if (!this.availableAt.has(proxyHost)) this.availableAt.set(proxyHost, performance.now() + this.delaySeconds * 1000);
  }

  /** Removes the target of a deleted proxy. */
  forget(proxyHost: string): void {
    this.availableAt.delete(proxyHost);
  }

  isAvailable(proxyHost: string): boolean {
    return performance.now() >= (this.availableAt.get(proxyHost) ?? Infinity);
  }
}
